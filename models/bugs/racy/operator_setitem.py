"""operator.getitem and setitem are two steps."""
import threading
from operator import getitem, setitem

row = [0]


def work():
    setitem(row, 0, getitem(row, 0) + 1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert row == [2]
