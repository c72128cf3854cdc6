"""A dict is copied, changed, and stored under a lock."""
import copy
import threading
import types

config = types.SimpleNamespace(values={})
lock = threading.Lock()


def set_value(name):
    with lock:
        new = copy.copy(config.values)
        new[name] = True
        config.values = new


threads = [threading.Thread(target=set_value, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(config.values) == 2
