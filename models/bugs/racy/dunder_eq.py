"""__eq__ in Python compares two attributes, one after the other."""
import threading


class Range:
    def __init__(self, low, high):
        self.low = low
        self.high = high

    def __eq__(self, other):
        return self.low == other.low and self.high == other.high

    def move(self, by):
        self.low += by
        self.high += by


a, never = Range(0, 9), Range(5, 9)


def compare():
    assert a != never


threads = [threading.Thread(target=f) for f in (lambda: a.move(5), compare)]
for t in threads:
    t.start()
for t in threads:
    t.join()
