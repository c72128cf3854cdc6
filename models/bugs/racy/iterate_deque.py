"""A deque grows while another thread iterates over it."""
import threading
from collections import deque

history = deque([1, 2])


def show():
    return [n for n in history]


threads = [threading.Thread(target=f) for f in (show, lambda: history.append(3))]
for t in threads:
    t.start()
for t in threads:
    t.join()
