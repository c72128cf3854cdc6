"""Two calls of next() on a shared iterator do not belong together."""
import threading

source = iter([1, 2, 3, 4])
pairs = []


def take():
    left = next(source)
    right = next(source)
    pairs.append((left, right))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(pairs) == [(1, 2), (3, 4)]
