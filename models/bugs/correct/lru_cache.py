"""lru_cache under a lock calls the function once."""
import functools
import threading

calls = []
lock = threading.Lock()


@functools.lru_cache
def load(name):
    calls.append(name)
    return len(name)


def work():
    with lock:
        load("data")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(calls) == 1
