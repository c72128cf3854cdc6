"""operator.getitem and setitem under a lock."""
import threading
from operator import getitem, setitem

row = [0]
lock = threading.Lock()


def work():
    with lock:
        setitem(row, 0, getitem(row, 0) + 1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert row == [2]
