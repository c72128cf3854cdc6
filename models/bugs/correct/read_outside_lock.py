"""The lock protects the read and the write."""
import threading

lock = threading.Lock()
balance = 0


def deposit(amount):
    global balance
    with lock:
        new = balance + amount
        balance = new


threads = [threading.Thread(target=deposit, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert balance == 3
