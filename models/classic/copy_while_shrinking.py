"""Items are copied by index up to a length that was read before; the list gets shorter meanwhile.

Correct: the length and the items are read under the lock that protects changes.
"""
import contextlib
import sys
import threading

correct = "correct" in sys.argv
lock = threading.Lock()
items = ["a", "b", "c"]


def copy():
    with lock if correct else contextlib.nullcontext():
        return [items[i] for i in range(len(items))]


def shrink():
    with lock:
        del items[1:]


threads = [threading.Thread(target=f) for f in (copy, shrink)]
for t in threads:
    t.start()
for t in threads:
    t.join()
print("done")
