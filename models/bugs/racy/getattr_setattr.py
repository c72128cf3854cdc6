"""getattr and setattr read and write in two steps."""
import threading
import types

box = types.SimpleNamespace(n=0)


def work(name):
    setattr(box, name, getattr(box, name) + 1)


threads = [threading.Thread(target=work, args=("n",)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
