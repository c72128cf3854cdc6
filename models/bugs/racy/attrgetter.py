"""operator.attrgetter reads what somebody else then writes."""
import operator
import threading
import types

box = types.SimpleNamespace(n=0)
get = operator.attrgetter("n")


def work():
    box.n = get(box) + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
