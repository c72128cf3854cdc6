"""sorted(d, key=d.get) in Python code: the key is gone when it is looked up."""
import threading

points = {"ann": 2, "bob": 1}


def ranking():
    return sorted(points, key=lambda name: points[name])


def leave():
    del points["bob"]


threads = [threading.Thread(target=f) for f in (ranking, leave)]
for t in threads:
    t.start()
for t in threads:
    t.join()
