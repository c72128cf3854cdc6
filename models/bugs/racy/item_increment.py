"""An item of a dict is increased by two threads."""
import threading

votes = {"yes": 0}


def vote():
    votes["yes"] += 1


threads = [threading.Thread(target=vote) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert votes["yes"] == 2
