"""An attribute is increased by two threads under a lock."""
import threading


class Stock:
    apples = 0


stock = Stock()
stock.apples = 3
lock = threading.Lock()


def work():
    with lock:
        stock.apples += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert stock.apples == 5
