"""The event is cleared after it has been set for a second time: a signal is lost."""
import threading

ready = threading.Event()


def signal():
    ready.set()


def wait_twice():
    for _ in range(2):
        ready.wait()
        ready.clear()


threads = [threading.Thread(target=f) for f in (signal, signal, wait_twice)]
for t in threads:
    t.start()
for t in threads:
    t.join()
