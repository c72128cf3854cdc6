"""A functools.partial runs a function that is protected."""
import functools
import threading
import types

box = types.SimpleNamespace(n=0)
lock = threading.Lock()


def add(target, amount):
    with lock:
        target.n += amount


work = functools.partial(add, box, 1)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
