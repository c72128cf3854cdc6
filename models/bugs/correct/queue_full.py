"""put_nowait tests and puts in one step."""
import queue
import threading

jobs = queue.Queue(maxsize=1)


def produce():
    try:
        jobs.put_nowait("job")
    except queue.Full:
        pass


threads = [threading.Thread(target=produce) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
