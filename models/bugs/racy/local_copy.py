"""A global is copied to a local, changed, and written back."""
import threading

total = 0


def add(amount):
    global total
    mine = total
    mine = mine + amount
    total = mine


threads = [threading.Thread(target=add, args=(n,)) for n in (1, 10)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == 11
