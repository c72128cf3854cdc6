"""Readers count themselves in and out; the first locks the room, the last frees it, and two can both be the first (Courtois et al.).

Correct: the count is protected.
"""
import contextlib
import sys
import threading

correct = "correct" in sys.argv
counting = threading.Lock() if correct else contextlib.nullcontext()
room_empty = threading.Semaphore(1)
readers = 0


def read():
    global readers
    with counting:
        readers += 1
        if readers == 1:
            room_empty.acquire()
    with counting:
        readers -= 1
        if readers == 0:
            room_empty.release()


def write():
    with room_empty:
        pass


threads = [threading.Thread(target=f) for f in (read, read, write)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
