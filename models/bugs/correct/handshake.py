"""Two semaphores let two threads write the same global in turn."""
import threading

ping, pong = threading.Semaphore(1), threading.Semaphore(0)
counter = 0


def work(mine, other):
    global counter
    mine.acquire()
    counter += 1
    other.release()


threads = [threading.Thread(target=work, args=a) for a in ((ping, pong), (pong, ping))]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
