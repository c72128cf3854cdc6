"""functools.reduce over a copy."""
import functools
import threading

sizes = {"a": 1, "b": 2}


def total():
    functools.reduce(lambda sum, size: sum + size, tuple(sizes.values()), 0)


def forget():
    sizes.pop("b")


threads = [threading.Thread(target=f) for f in (total, forget)]
for t in threads:
    t.start()
for t in threads:
    t.join()
