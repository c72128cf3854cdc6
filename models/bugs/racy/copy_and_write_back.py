"""A dict is copied, changed, and stored in the place of the old one."""
import copy
import threading
import types

config = types.SimpleNamespace(values={})


def set_value(name):
    new = copy.copy(config.values)
    new[name] = True
    config.values = new


threads = [threading.Thread(target=set_value, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(config.values) == 2
