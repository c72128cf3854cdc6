"""A ChainMap is increased under a lock."""
import threading
from collections import ChainMap

settings = ChainMap({}, {"n": 0})
lock = threading.Lock()


def work():
    with lock:
        settings["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert settings["n"] == 2
