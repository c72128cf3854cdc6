"""collections.Counter counts with += like any other dict."""
import threading
from collections import Counter

words = Counter()


def count():
    words["the"] += 1


threads = [threading.Thread(target=count) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert words["the"] == 2
