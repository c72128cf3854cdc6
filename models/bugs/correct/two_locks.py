"""Both threads protect the global by the same lock."""
import threading

left, right = threading.Lock(), threading.Lock()
counter = 0


def work(lock):
    global counter
    with lock:
        counter += 1


locks = (left, left)
threads = [threading.Thread(target=work, args=(lock,)) for lock in locks]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
