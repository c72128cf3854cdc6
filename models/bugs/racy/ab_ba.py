"""Two locks are taken in opposite orders."""
import threading

left, right = threading.Lock(), threading.Lock()


def forth():
    with left, right:
        pass


def back():
    with right, left:
        pass


threads = [threading.Thread(target=f) for f in (forth, back)]
for t in threads:
    t.start()
for t in threads:
    t.join()
