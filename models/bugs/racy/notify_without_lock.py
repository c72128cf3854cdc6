"""notify() without the condition's lock is refused."""
import threading

changed = threading.Condition()
items = []


def put():
    items.append(1)
    changed.notify()


def get():
    with changed:
        changed.wait_for(lambda: items)


threads = [threading.Thread(target=f, daemon=True) for f in (put, get)]
for t in threads:
    t.start()
threads[0].join()
