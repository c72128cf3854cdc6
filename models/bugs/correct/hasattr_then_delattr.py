"""The attribute is tested and deleted under a lock."""
import threading
import types

box = types.SimpleNamespace(token="t")
lock = threading.Lock()


def work():
    with lock:
        if hasattr(box, "token"):
            delattr(box, "token")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not hasattr(box, "token")
