"""sorted(d.items(), ...) reads keys and values in one step."""
import threading

points = {"ann": 2, "bob": 1}


def ranking():
    return sorted(points.items(), key=lambda item: item[1])


def leave():
    del points["bob"]


threads = [threading.Thread(target=f) for f in (ranking, leave)]
for t in threads:
    t.start()
for t in threads:
    t.join()
