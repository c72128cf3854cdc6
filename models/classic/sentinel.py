"""A sentinel for each consumer that has been counted so far: one that comes later waits for ever.

Correct: one for each that was started.
"""
import queue
import sys
import threading

correct = "correct" in sys.argv
CONSUMERS = 2
items = queue.Queue()
lock = threading.Lock()
present = 0


def consume():
    global present
    with lock:
        present += 1
    while items.get() is not None:
        pass


consumers = [threading.Thread(target=consume) for _ in range(CONSUMERS)]
for consumer in consumers:
    consumer.start()
items.put("work")
with lock:
    expected = CONSUMERS if correct else present
for _ in range(expected):
    items.put(None)
for consumer in consumers:
    consumer.join()
print("done")
