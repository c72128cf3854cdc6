"""Each thread works on a copy of its own, and main puts the results together."""
import threading

source = [1, 2]
results = {}


def work(name):
    mine = source.copy()
    mine[0] += 1
    results[name] = mine


threads = [threading.Thread(target=work, args=(n,)) for n in "ab"]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert results == {"a": [2, 2], "b": [2, 2]}
