"""A list is replaced by one that is made of it."""
import threading

prices = [1, 2]


def raise_prices():
    global prices
    prices = [p + 1 for p in prices]


threads = [threading.Thread(target=raise_prices) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert prices == [3, 4]
