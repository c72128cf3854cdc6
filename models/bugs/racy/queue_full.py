"""The queue is full when the second thread puts, although it was not when tested."""
import queue
import threading

jobs = queue.Queue(maxsize=1)


def produce():
    if not jobs.full():
        jobs.put("job")


threads = [threading.Thread(target=produce) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
