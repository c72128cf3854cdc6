"""Finding the minimum and removing it under a lock."""
import threading

free = [3, 1]
lock = threading.Lock()


def take():
    with lock:
        lowest = min(free)
        free.remove(lowest)


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
