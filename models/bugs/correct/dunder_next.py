"""itertools.count gives each number once: one step in C."""
import itertools
import threading


numbers = itertools.count(1)
got = []


def take():
    got.append(next(numbers))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [1, 2]
