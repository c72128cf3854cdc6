"""An item is moved from one list to another, and somebody counts in between."""
import threading

shelves = {"left": [1, 2], "right": []}


def move():
    item = shelves["left"].pop()
    shelves["right"].append(item)


def count():
    assert sum(map(len, shelves.values())) == 2


threads = [threading.Thread(target=move), threading.Thread(target=count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
