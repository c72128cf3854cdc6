"""config.update({...}) changes the dict in one step."""
import threading

config = {}


def configure(name):
    config.update({name: True})


threads = [threading.Thread(target=configure, args=(n,)) for n in ("fast", "loud")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(config) == 2
