"""A UserDict is increased like a dict, item by item."""
import threading
from collections import UserDict

stock = UserDict(nails=0)


def work():
    stock["nails"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert stock["nails"] == 2
