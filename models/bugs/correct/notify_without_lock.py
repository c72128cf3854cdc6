"""notify() with the condition's lock."""
import threading

changed = threading.Condition()
items = []


def put():
    items.append(1)
    with changed:
        changed.notify()


def get():
    with changed:
        changed.wait_for(lambda: items)


threads = [threading.Thread(target=f) for f in (put, get)]
for t in threads:
    t.start()
for t in threads:
    t.join()
