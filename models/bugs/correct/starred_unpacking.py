"""The list is copied in one step, and the copy tested and unpacked."""
import threading

jobs = ["first", "second"]


def take():
    mine = list(jobs)
    if mine:
        head, *rest = mine


threads = [threading.Thread(target=f) for f in (take, jobs.clear)]
for t in threads:
    t.start()
for t in threads:
    t.join()
