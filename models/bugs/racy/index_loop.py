"""A loop over range(len(items)) runs beyond the end of a list that gets shorter."""
import threading

items = [1, 2]


def show():
    for i in range(len(items)):
        items[i]


def shorten():
    items.pop()


threads = [threading.Thread(target=f) for f in (show, shorten)]
for t in threads:
    t.start()
for t in threads:
    t.join()
