"""The value of := is old when it is used."""
import threading

tickets = 2


def buy():
    global tickets
    if (left := tickets) > 0:
        tickets = left - 1


threads = [threading.Thread(target=buy) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert tickets == 0
