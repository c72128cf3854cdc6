"""A property is increased by two threads under a lock."""
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
lock = threading.Lock()


def heat():
    with lock:
        oven.degrees += 10


threads = [threading.Thread(target=heat) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert oven.degrees == 40
