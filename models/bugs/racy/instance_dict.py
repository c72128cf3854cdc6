"""An attribute is increased through __dict__."""
import threading


class Box:
    def __init__(self):
        self.n = 0


box = Box()


def by_dict():
    box.__dict__["n"] += 1


def by_name():
    box.n += 1


threads = [threading.Thread(target=f) for f in (by_dict, by_name)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
