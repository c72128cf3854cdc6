"""An entry is evicted between its use and move_to_end()."""
import threading
from collections import OrderedDict

cache = OrderedDict(a=1, b=2)


def use():
    if "a" in cache:
        cache.move_to_end("a")


def evict():
    cache.popitem(last=False)


threads = [threading.Thread(target=f) for f in (use, evict)]
for t in threads:
    t.start()
for t in threads:
    t.join()
