"""The weak reference is asked once: the local keeps the object alive."""
import threading
import weakref


class Image:
    size = 1


image = Image()
reference = weakref.ref(image)


def use():
    mine = reference()
    if mine is not None:
        mine.size


def drop():
    global image
    image = None


threads = [threading.Thread(target=f) for f in (use, drop)]
for t in threads:
    t.start()
for t in threads:
    t.join()
