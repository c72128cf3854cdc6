"""operator.itemgetter under a lock."""
import operator
import threading

stock = {"pears": 0}
pears = operator.itemgetter("pears")
lock = threading.Lock()


def work():
    with lock:
        stock["pears"] = pears(stock) + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert stock["pears"] == 2
