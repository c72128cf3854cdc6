"""An attribute is increased through vars() under a lock."""
import threading
import types

box = types.SimpleNamespace(n=0)
lock = threading.Lock()


def work():
    with lock:
        vars(box)["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
