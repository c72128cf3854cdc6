"""Both threads find no list for the key, and each stores one."""
import threading

groups = {}


def add(name):
    if "all" not in groups:
        groups["all"] = []
    groups["all"].append(name)


threads = [threading.Thread(target=add, args=(n,)) for n in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(groups["all"]) == 2
