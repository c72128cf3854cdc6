"""One call of next() on a shared iterator is one step."""
import threading

source = iter([(1, 2), (3, 4)])
pairs = []


def take():
    left, right = next(source)
    pairs.append((left, right))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(pairs) == [(1, 2), (3, 4)]
