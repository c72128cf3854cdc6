"""A class counts its instances under a lock."""
import threading


class Page:
    created = 0
    lock = threading.Lock()

    def __init__(self):
        with Page.lock:
            Page.created += 1


threads = [threading.Thread(target=Page) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Page.created == 2
