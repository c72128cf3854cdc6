"""itertools.cycle gives the next value in one step."""
import itertools
import threading

servers = itertools.cycle(["a", "b"])
got = []


def take():
    got.append(next(servers))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == ["a", "b"]
