"""The value of := is used while the lock is held."""
import threading

tickets = 2
lock = threading.Lock()


def buy():
    global tickets
    with lock:
        if (left := tickets) > 0:
            tickets = left - 1


threads = [threading.Thread(target=buy) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert tickets == 0
