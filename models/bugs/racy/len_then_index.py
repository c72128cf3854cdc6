"""The list is shorter when its last item is read."""
import threading

scores = [1, 2]


def last():
    if len(scores) > 1:
        assert scores[1] == 2


def shorten():
    scores.pop()


threads = [threading.Thread(target=f) for f in (last, shorten)]
for t in threads:
    t.start()
for t in threads:
    t.join()
