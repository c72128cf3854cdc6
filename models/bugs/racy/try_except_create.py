"""Both threads get a KeyError, and each makes the object."""
import threading

pools = {}
used = []


def pool():
    try:
        used.append(pools["db"])
    except KeyError:
        pools["db"] = object()
        used.append(pools["db"])


threads = [threading.Thread(target=pool) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert used[0] is used[1]
