"""A transfer locks both accounts, the one that the money comes from first; a third one goes the other way round.

Correct: in the order of their numbers.
"""
import sys
import threading

correct = "correct" in sys.argv


class Account:
    def __init__(self, number):
        self.number, self.lock, self.balance = number, threading.Lock(), 100


def transfer(source, target, amount):
    pair = [source, target]
    if correct:
        pair.sort(key=lambda account: account.number)
    with pair[0].lock, pair[1].lock:
        source.balance -= amount
        target.balance += amount


accounts = [Account(n) for n in range(3)]
threads = [threading.Thread(target=transfer, args=(accounts[i], accounts[(i + 1) % 3], 10)) for i in range(3)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print([account.balance for account in accounts])
