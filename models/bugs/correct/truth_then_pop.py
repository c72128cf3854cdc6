"""Who takes from the list is prepared that it is empty."""
import threading

jobs = ["only one"]


def work():
    try:
        jobs.pop()
    except IndexError:
        pass


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
