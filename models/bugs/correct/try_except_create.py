"""Who gets a KeyError uses what setdefault returns."""
import threading

pools = {}
used = []


def pool():
    try:
        used.append(pools["db"])
    except KeyError:
        used.append(pools.setdefault("db", object()))


threads = [threading.Thread(target=pool) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert used[0] is used[1]
