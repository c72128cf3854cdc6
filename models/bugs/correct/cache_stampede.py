"""The first thread that misses the cache stores a Future, the others wait for it."""
import threading
from concurrent.futures import Future

cache = {}
computed = []


def get(key):
    mine = Future()
    found = cache.setdefault(key, mine)
    if found is mine:
        computed.append(key)
        mine.set_result(len(key))
    return found.result()


def work():
    assert get("abc") == 3


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(computed) == 1
