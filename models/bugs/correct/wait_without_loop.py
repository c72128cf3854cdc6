"""Whoever wakes up looks again."""
import threading

changed = threading.Condition()
items = []


def consume():
    with changed:
        while not items:
            changed.wait()
        items.pop()


def produce():
    with changed:
        items.append(1)
        changed.notify_all()
    with changed:
        items.append(2)
        changed.notify_all()


threads = [threading.Thread(target=f) for f in (consume, consume, produce)]
for t in threads:
    t.start()
for t in threads:
    t.join()
