"""The list is empty when the second thread takes from it."""
import threading

jobs = ["only one"]


def work():
    if jobs:
        jobs.pop()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
