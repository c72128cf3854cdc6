"""The factory of a defaultdict is a type in C: reading a missing item is one step."""
import threading
from collections import defaultdict

groups = defaultdict(list)


def add(name):
    groups["all"].append(name)


threads = [threading.Thread(target=add, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(groups["all"]) == 2
