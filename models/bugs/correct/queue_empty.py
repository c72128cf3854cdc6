"""get_nowait tests and gets in one step."""
import queue
import threading

jobs = queue.Queue()
jobs.put("only one")


def work():
    try:
        jobs.get_nowait()
    except queue.Empty:
        pass


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
