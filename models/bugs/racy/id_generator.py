"""Two objects get the same number."""
import threading


class Order:
    last = 0

    def __init__(self):
        Order.last += 1
        self.number = Order.last


orders = []


def work():
    orders.append(Order())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert orders[0].number != orders[1].number
