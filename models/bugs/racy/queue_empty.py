"""The queue is empty when the second thread gets, although it was not when tested."""
import queue
import threading

jobs = queue.Queue()
jobs.put("only one")


def work():
    if not jobs.empty():
        jobs.get()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
