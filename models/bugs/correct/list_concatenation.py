"""list.append changes the list in one step."""
import threading

names = []


def add(name):
    names.append(name)


threads = [threading.Thread(target=add, args=(n,)) for n in ("ann", "bob")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(names) == 2
