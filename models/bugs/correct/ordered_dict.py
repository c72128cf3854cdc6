"""An entry is evicted, or used and moved, under a lock."""
import threading
from collections import OrderedDict

cache = OrderedDict(a=1, b=2)
lock = threading.Lock()


def use():
    with lock:
        if "a" in cache:
            cache.move_to_end("a")


def evict():
    with lock:
        cache.popitem(last=False)


threads = [threading.Thread(target=f) for f in (use, evict)]
for t in threads:
    t.start()
for t in threads:
    t.join()
