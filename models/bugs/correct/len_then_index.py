"""The length and the item are read under a lock."""
import threading

scores = [1, 2]
lock = threading.Lock()


def last():
    with lock:
        if len(scores) > 1:
            assert scores[1] == 2


def shorten():
    with lock:
        scores.pop()


threads = [threading.Thread(target=f) for f in (last, shorten)]
for t in threads:
    t.start()
for t in threads:
    t.join()
