"""Threads move units between three shelves: each is taken under one lock, and put down under another one.

Correct: both locks are held, in one order.
"""
import sys
import threading

correct = "correct" in sys.argv
SHELVES = 3
locks = [threading.Lock() for _ in range(SHELVES)]
units = [1] * SHELVES


def move(source, target):
    if correct:
        with locks[min(source, target)], locks[max(source, target)]:
            units[source] -= 1
            units[target] += 1
        return
    with locks[source]:
        units[source] -= 1
    with locks[target]:
        units[target] += 1


def count():
    for lock in locks:
        lock.acquire()
    total = sum(units)
    for lock in locks:
        lock.release()
    assert total == SHELVES, "every unit is on a shelf"


threads = [threading.Thread(target=move, args=(i, (i + 1) % SHELVES)) for i in range(SHELVES)]
threads.append(threading.Thread(target=count))
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
