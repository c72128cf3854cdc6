"""Finding enough money and taking it under a lock."""
import threading

balance = 10
lock = threading.Lock()


def withdraw(amount):
    global balance
    with lock:
        if balance >= amount:
            balance -= amount


threads = [threading.Thread(target=withdraw, args=(n,)) for n in (7, 8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert balance >= 2
