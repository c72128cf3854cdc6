"""A view shows the dict as it is, and it changes after the test."""
import threading

ages = {"ann": 30}
names = ages.keys()


def show():
    if "ann" in names:
        return ages["ann"]


threads = [threading.Thread(target=f) for f in (show, lambda: ages.pop("ann"))]
for t in threads:
    t.start()
for t in threads:
    t.join()
