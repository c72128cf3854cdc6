"""The object dies between the test of the weak reference and its use."""
import threading
import weakref


class Image:
    size = 1


image = Image()
reference = weakref.ref(image)


def use():
    if reference() is not None:
        reference().size


def drop():
    global image
    image = None


threads = [threading.Thread(target=f) for f in (use, drop)]
for t in threads:
    t.start()
for t in threads:
    t.join()
