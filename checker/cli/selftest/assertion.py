# assertion
import sys
import threading

items = []


def add():
    items.append(1)


thread = threading.Thread(target=add)
thread.start()
if len(sys.argv) > 1:
    thread.join()
assert items == [1]
