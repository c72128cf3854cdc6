"""config = config | {...} makes a new dict from an old one."""
import threading

config = {}


def configure(name):
    global config
    config = config | {name: True}


threads = [threading.Thread(target=configure, args=(n,)) for n in ("fast", "loud")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(config) == 2
