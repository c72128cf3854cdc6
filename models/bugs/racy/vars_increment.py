"""An attribute is increased through vars()."""
import threading
import types

box = types.SimpleNamespace(n=0)


def work():
    vars(box)["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
