"""An attribute is increased through __dict__ under a lock."""
import threading


class Box:
    def __init__(self):
        self.n = 0


box = Box()
lock = threading.Lock()


def by_dict():
    with lock:
        box.__dict__["n"] += 1


def by_name():
    with lock:
        box.n += 1


threads = [threading.Thread(target=f) for f in (by_dict, by_name)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
