"""operator.itemgetter reads what somebody else then writes."""
import operator
import threading

stock = {"pears": 0}
pears = operator.itemgetter("pears")


def work():
    stock["pears"] = pears(stock) + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert stock["pears"] == 2
