"""A UserDict is increased under a lock."""
import threading
from collections import UserDict

stock = UserDict(nails=0)
lock = threading.Lock()


def work():
    with lock:
        stock["nails"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert stock["nails"] == 2
