"""The factory of a defaultdict in Python lets others in before its result is stored."""
import threading
from collections import defaultdict

made = 0


def new_list():
    global made
    made += 1
    return []


groups = defaultdict(new_list)


def add(name):
    groups["all"].append(name)


threads = [threading.Thread(target=add, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(groups["all"]) == 2
