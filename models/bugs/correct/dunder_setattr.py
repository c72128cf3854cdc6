"""__setattr__ counts the changes of an object under a lock."""
import threading

lock = threading.Lock()


class Form:
    changes = 0

    def __setattr__(self, name, value):
        super().__setattr__(name, value)
        with lock:
            Form.changes += 1


form = Form()


def fill(name):
    setattr(form, name, "x")


threads = [threading.Thread(target=fill, args=(n,)) for n in ("first", "last")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Form.changes == 2
