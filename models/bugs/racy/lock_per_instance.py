"""A lock in each instance does not protect an attribute of the class."""
import threading


class Worker(threading.Thread):
    done = 0

    def __init__(self):
        super().__init__()
        self.lock = threading.Lock()

    def run(self):
        with self.lock:
            Worker.done += 1


threads = [Worker(), Worker()]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Worker.done == 2
