"""Both threads find the same minimum, and the second cannot remove it."""
import threading

free = [3, 1]


def take():
    lowest = min(free)
    free.remove(lowest)


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
