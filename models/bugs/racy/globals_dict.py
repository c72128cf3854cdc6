"""A global is increased through globals() and by its name."""
import threading

counter = 0


def by_dict():
    globals()["counter"] += 1


def by_name():
    global counter
    counter += 1


threads = [threading.Thread(target=f) for f in (by_dict, by_name)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
