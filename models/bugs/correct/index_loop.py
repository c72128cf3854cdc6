"""A loop over the items of a tuple, which nobody changes."""
import threading

items = [1, 2]


def show():
    for item in tuple(items):
        item


def shorten():
    items.pop()


threads = [threading.Thread(target=f) for f in (show, shorten)]
for t in threads:
    t.start()
for t in threads:
    t.join()
