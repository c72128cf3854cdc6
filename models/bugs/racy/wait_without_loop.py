"""notify_all wakes two consumers, and there is one item."""
import threading

changed = threading.Condition()
items = []


def consume():
    with changed:
        if not items:
            changed.wait()
        items.pop()


def produce():
    with changed:
        items.append(1)
        changed.notify_all()


threads = [threading.Thread(target=f) for f in (consume, consume, produce)]
for t in threads:
    t.start()
for t in threads:
    t.join()
