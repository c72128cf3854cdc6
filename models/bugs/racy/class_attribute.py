"""A class counts its instances, which two threads make."""
import threading


class Page:
    created = 0

    def __init__(self):
        Page.created += 1


threads = [threading.Thread(target=Page) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Page.created == 2
