"""The attribute is gone when the second thread deletes it."""
import threading
import types

box = types.SimpleNamespace(token="t")


def work():
    if hasattr(box, "token"):
        delattr(box, "token")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not hasattr(box, "token")
