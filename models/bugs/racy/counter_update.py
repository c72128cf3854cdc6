"""Counter.update() of a mapping is a loop in Python."""
import threading
from collections import Counter

words = Counter(the=1)


def count():
    words.update({"the": 1})


threads = [threading.Thread(target=count) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert words["the"] == 3
