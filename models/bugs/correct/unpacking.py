"""Two items that belong together are replaced by one step."""
import threading

pair = [1, 1]


def write():
    pair[:] = [2, 2]


def read():
    left, right = pair
    assert left == right


threads = [threading.Thread(target=f) for f in (write, read)]
for t in threads:
    t.start()
for t in threads:
    t.join()
