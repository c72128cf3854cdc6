"""A global is increased through globals() and by its name under a lock."""
import threading

counter = 0
lock = threading.Lock()


def by_dict():
    with lock:
        globals()["counter"] += 1


def by_name():
    global counter
    with lock:
        counter += 1


threads = [threading.Thread(target=f) for f in (by_dict, by_name)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
