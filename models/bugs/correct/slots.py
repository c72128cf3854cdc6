"""An attribute in __slots__ is increased by two threads under a lock."""
import threading


class Point:
    __slots__ = ("x",)

    def __init__(self):
        self.x = 0


point = Point()
lock = threading.Lock()


def move():
    with lock:
        point.x += 1


threads = [threading.Thread(target=move) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert point.x == 2
