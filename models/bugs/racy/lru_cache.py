"""lru_cache calls the function for both threads if neither has stored the result yet."""
import functools
import threading

calls = []


@functools.lru_cache
def load(name):
    calls.append(name)
    return len(name)


def work():
    load("data")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(calls) == 1
