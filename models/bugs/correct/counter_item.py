"""collections.Counter under a lock."""
import threading
from collections import Counter

words = Counter()
lock = threading.Lock()


def count():
    with lock:
        words["the"] += 1


threads = [threading.Thread(target=count) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert words["the"] == 2
