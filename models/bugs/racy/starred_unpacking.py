"""The list is emptied between the test and the unpacking."""
import threading

jobs = ["first", "second"]


def take():
    if jobs:
        head, *rest = jobs


threads = [threading.Thread(target=f) for f in (take, jobs.clear)]
for t in threads:
    t.start()
for t in threads:
    t.join()
