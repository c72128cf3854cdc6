"""The entry of a WeakValueDictionary is got once: the local keeps it alive."""
import threading
import weakref


class Image:
    size = 1


images = weakref.WeakValueDictionary()
keeper = [Image()]
images["logo"] = keeper[0]


def use():
    mine = images.get("logo")
    if mine is not None:
        mine.size


threads = [threading.Thread(target=f) for f in (use, lambda: keeper.clear())]
for t in threads:
    t.start()
for t in threads:
    t.join()
