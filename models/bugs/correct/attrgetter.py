"""operator.attrgetter under a lock."""
import operator
import threading
import types

box = types.SimpleNamespace(n=0)
get = operator.attrgetter("n")
lock = threading.Lock()


def work():
    with lock:
        box.n = get(box) + 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
