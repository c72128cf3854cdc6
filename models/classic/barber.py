"""Sleeping barber (Dijkstra): customers look for a free chair before they sit down, and two take the last one.

Correct: looking and sitting down are protected together.
"""
import contextlib
import sys
import threading

correct = "correct" in sys.argv
CHAIRS, CUSTOMERS = 1, 3
shop = threading.Lock() if correct else contextlib.nullcontext()
counting = threading.Lock()
waiting = 0
customers = threading.Semaphore(0)


def visit():
    global waiting
    with shop:
        if waiting >= CHAIRS:
            return
        with counting:
            waiting += 1
            assert waiting <= CHAIRS, "a chair for everybody who waits"
    customers.release()


def cut():
    global waiting
    customers.acquire()
    with shop:
        with counting:
            waiting -= 1


barber = threading.Thread(target=cut)
barber.start()
threads = [threading.Thread(target=visit) for _ in range(CUSTOMERS)]
for t in threads:
    t.start()
for t in threads:
    t.join()
barber.join()
print("done")
