"""An attribute is deleted while somebody uses it."""
import threading
import types

link = types.SimpleNamespace(target="there")


def follow():
    return link.target


def cut():
    del link.target


threads = [threading.Thread(target=f) for f in (follow, cut)]
for t in threads:
    t.start()
for t in threads:
    t.join()
