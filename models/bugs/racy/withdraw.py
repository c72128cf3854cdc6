"""Both withdrawals find enough money."""
import threading

balance = 10


def withdraw(amount):
    global balance
    if balance >= amount:
        balance -= amount


threads = [threading.Thread(target=withdraw, args=(n,)) for n in (7, 8)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert balance >= 2
