"""names = names + [...] makes a new list from an old one."""
import threading

names = []


def add(name):
    global names
    names = names + [name]


threads = [threading.Thread(target=add, args=(n,)) for n in ("ann", "bob")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(names) == 2
