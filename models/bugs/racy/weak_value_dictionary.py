"""The entry of a WeakValueDictionary dies between the test and the use."""
import threading
import weakref


class Image:
    size = 1


images = weakref.WeakValueDictionary()
keeper = [Image()]
images["logo"] = keeper[0]


def use():
    if "logo" in images:
        images["logo"].size


threads = [threading.Thread(target=f) for f in (use, lambda: keeper.clear())]
for t in threads:
    t.start()
for t in threads:
    t.join()
