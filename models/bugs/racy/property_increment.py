"""A property with getter and setter is increased by two threads."""
import threading


class Oven:
    def __init__(self):
        self._degrees = 20

    @property
    def degrees(self):
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        self._degrees = value


oven = Oven()


def heat():
    oven.degrees += 10


threads = [threading.Thread(target=heat) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert oven.degrees == 40
