"""Each object gets a number of its own from itertools.count."""
import itertools
import threading


class Order:
    numbers = itertools.count(1)

    def __init__(self):
        self.number = next(Order.numbers)


orders = []


def work():
    orders.append(Order())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert orders[0].number != orders[1].number
