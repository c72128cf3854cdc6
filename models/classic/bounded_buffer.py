"""Two producers and two consumers of one place share one condition: a notification wakes one of the wrong side.

Correct: it wakes all.
"""
import sys
import threading

correct = "correct" in sys.argv
changed = threading.Condition()
place = []


def wake():
    if correct:
        changed.notify_all()
    else:
        changed.notify()


def produce():
    with changed:
        while place:
            changed.wait()
        place.append("item")
        wake()


def consume():
    with changed:
        while not place:
            changed.wait()
        place.pop()
        wake()


threads = [threading.Thread(target=f) for f in (produce, produce, consume, consume)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
