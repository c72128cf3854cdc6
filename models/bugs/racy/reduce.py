"""functools.reduce with a function in Python lets others change the dict in between."""
import functools
import threading

sizes = {"a": 1, "b": 2}


def total():
    functools.reduce(lambda sum, name: sum + sizes[name], sizes, 0)


def forget():
    sizes.pop("b")


threads = [threading.Thread(target=f) for f in (total, forget)]
for t in threads:
    t.start()
for t in threads:
    t.join()
