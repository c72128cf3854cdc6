import sys
import threading

threads, rounds, locked = int(sys.argv[1]), int(sys.argv[2]), "locked" in sys.argv
count = 0
lock = threading.Lock()


def work():
    global count
    for _ in range(rounds):
        if locked:
            with lock:
                count += 1
        else:
            count += 1


workers = [threading.Thread(target=work) for _ in range(threads)]
for worker in workers:
    worker.start()
for worker in workers:
    worker.join()
