"""__eq__ in Python compares one attribute that holds both values."""
import threading


class Range:
    def __init__(self, low, high):
        self.limits = (low, high)

    def __eq__(self, other):
        with lock:
            return self.limits == other.limits

    def move(self, by):
        with lock:
            self.limits = (self.limits[0] + by, self.limits[1] + by)


lock = threading.Lock()
a, never = Range(0, 9), Range(5, 9)


def compare():
    assert a != never


threads = [threading.Thread(target=f) for f in (lambda: a.move(5), compare)]
for t in threads:
    t.start()
for t in threads:
    t.join()
