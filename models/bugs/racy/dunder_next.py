"""An iterator in Python gives the same number to both threads."""
import threading


class Numbers:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        return self.n


numbers = Numbers()
got = []


def take():
    got.append(next(numbers))


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [1, 2]
