"""The lock protects the write, and not the read before it."""
import threading

lock = threading.Lock()
balance = 0


def deposit(amount):
    global balance
    new = balance + amount
    with lock:
        balance = new


threads = [threading.Thread(target=deposit, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert balance == 3
