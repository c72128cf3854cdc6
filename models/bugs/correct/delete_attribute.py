"""An attribute is set to None under a lock, instead of being deleted."""
import threading
import types

link = types.SimpleNamespace(target="there")
lock = threading.Lock()


def follow():
    with lock:
        return link.target


def cut():
    with lock:
        link.target = None


threads = [threading.Thread(target=f) for f in (follow, cut)]
for t in threads:
    t.start()
for t in threads:
    t.join()
