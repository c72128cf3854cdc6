"""getattr and setattr under a lock."""
import threading
import types

box = types.SimpleNamespace(n=0)
lock = threading.Lock()


def work(name):
    with lock:
        setattr(box, name, getattr(box, name) + 1)


threads = [threading.Thread(target=work, args=("n",)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
