"""A functools.partial runs a function that is not protected."""
import functools
import threading
import types

box = types.SimpleNamespace(n=0)


def add(target, amount):
    target.n += amount


work = functools.partial(add, box, 1)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
