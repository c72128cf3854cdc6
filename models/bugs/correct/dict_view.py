"""A view is tested, and the item read in one step with a default."""
import threading

ages = {"ann": 30}
names = ages.keys()


def show():
    if "ann" in names:
        return ages.get("ann")


threads = [threading.Thread(target=f) for f in (show, lambda: ages.pop("ann"))]
for t in threads:
    t.start()
for t in threads:
    t.join()
