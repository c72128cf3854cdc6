"""Lock.acquire(blocking=False) tests and sets in one step."""
import threading

started = threading.Lock()
runs = []


def work():
    if started.acquire(blocking=False):
        runs.append(1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(runs) == 1
