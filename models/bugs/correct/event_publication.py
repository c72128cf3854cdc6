"""What is stored before an event is set is there for who waits for it."""
import threading
import types

box = types.SimpleNamespace(value=None)
ready = threading.Event()


def produce():
    box.value = 42
    ready.set()


def consume():
    ready.wait()
    assert box.value == 42


threads = [threading.Thread(target=f) for f in (produce, consume)]
for t in threads:
    t.start()
for t in threads:
    t.join()
