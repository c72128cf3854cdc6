"""A callback takes an RLock that its caller holds."""
import threading

lock = threading.RLock()
listeners = []


def on_change():
    with lock:
        pass


def subscribe():
    with lock:
        listeners.append(on_change)


def change():
    with lock:
        for call in listeners:
            call()


threads = [threading.Thread(target=f) for f in (subscribe, change)]
for t in threads:
    t.start()
for t in threads:
    t.join()
