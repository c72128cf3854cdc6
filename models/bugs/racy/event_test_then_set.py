"""Both threads see that the event is not set, and each does the work."""
import threading

started = threading.Event()
runs = []


def work():
    if not started.is_set():
        started.set()
        runs.append(1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(runs) == 1
