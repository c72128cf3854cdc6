"""A global is copied to a local, changed, and written back under a lock."""
import threading

total = 0
lock = threading.Lock()


def add(amount):
    global total
    with lock:
        mine = total
        mine = mine + amount
        total = mine


threads = [threading.Thread(target=add, args=(n,)) for n in (1, 10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == 11
