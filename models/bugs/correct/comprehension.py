"""A list is replaced by one that is made of it, under a lock."""
import threading

prices = [1, 2]
lock = threading.Lock()


def raise_prices():
    global prices
    with lock:
        prices = [p + 1 for p in prices]


threads = [threading.Thread(target=raise_prices) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert prices == [3, 4]
