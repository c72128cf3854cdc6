"""dict.setdefault looks and stores in one step."""
import threading

groups = {}


def add(name):
    groups.setdefault("all", []).append(name)


threads = [threading.Thread(target=add, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(groups["all"]) == 2
