"""Who takes from the deque is prepared that it is empty."""
import threading
from collections import deque

jobs = deque(["only one"])


def work():
    try:
        jobs.popleft()
    except IndexError:
        pass


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
