"""point = point._replace(...) under a lock."""
import threading
from collections import namedtuple

Point = namedtuple("Point", "x y")
point = Point(0, 0)
lock = threading.Lock()


def move_x():
    global point
    with lock:
        point = point._replace(x=1)


def move_y():
    global point
    with lock:
        point = point._replace(y=1)


threads = [threading.Thread(target=f) for f in (move_x, move_y)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert point == (1, 1)
