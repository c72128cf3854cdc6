"""A deque grows while another thread takes a copy of it."""
import threading
from collections import deque

history = deque([1, 2])


def show():
    return list(history)


threads = [threading.Thread(target=f) for f in (show, lambda: history.append(3))]
for t in threads:
    t.start()
for t in threads:
    t.join()
