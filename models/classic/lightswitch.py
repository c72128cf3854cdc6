"""Readers count themselves in and out under a lock, but look at the count behind it: nobody frees the room (Courtois et al.).

Correct: they look while they hold the lock.
"""
import sys
import threading

correct = "correct" in sys.argv
counting = threading.Lock()
room_empty = threading.Semaphore(1)
readers = 0


def count(change, limit, act):
    """The first or the last reader acts for all."""
    global readers
    with counting:
        readers += change
        if correct and readers == limit:
            act()
    if not correct and readers == limit:
        act()


def read():
    count(1, 1, room_empty.acquire)
    count(-1, 0, room_empty.release)


def write():
    with room_empty:
        pass


threads = [threading.Thread(target=f) for f in (read, read, write)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
