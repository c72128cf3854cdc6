"""Lists are counted in one step, and one step replaces what they hold."""
import threading

shelves = {"left": [1, 2], "right": []}


def move():
    shelves.update({"left": [1], "right": [2]})


def count():
    assert sum(map(len, shelves.values())) == 2


threads = [threading.Thread(target=move), threading.Thread(target=count)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
