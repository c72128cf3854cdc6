"""The deque is empty when the second thread takes from it."""
import threading
from collections import deque

jobs = deque(["only one"])


def work():
    if len(jobs) > 0:
        jobs.popleft()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
