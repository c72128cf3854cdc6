"""A shared map() of a function in C: each value comes once."""
import threading

sizes = map(len, ["a", "bb"])
got = []


def take():
    got.append(next(sizes))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [1, 2]
