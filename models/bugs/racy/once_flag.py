"""A flag that says that something has been done is tested and set in two steps."""
import threading

started = False
runs = []


def start():
    global started
    if not started:
        started = True
        runs.append(1)


threads = [threading.Thread(target=start) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(runs) == 1
