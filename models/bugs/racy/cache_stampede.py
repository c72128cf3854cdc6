"""Every thread that misses the cache computes the value."""
import threading

cache = {}
computed = []


def get(key):
    if key not in cache:
        computed.append(key)
        cache[key] = len(key)
    return cache[key]


def work():
    assert get("abc") == 3


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(computed) == 1
