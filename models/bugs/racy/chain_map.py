"""A ChainMap is increased like a dict: it writes to its first map."""
import threading
from collections import ChainMap

settings = ChainMap({}, {"n": 0})


def work():
    settings["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert settings["n"] == 2
