"""The check is repeated inside of the lock, and the flag is an Event."""
import threading

lock = threading.Lock()
ready = threading.Event()
made = []


def prepare():
    if not ready.is_set():
        with lock:
            if not ready.is_set():
                made.append(1)
                ready.set()


threads = [threading.Thread(target=prepare) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(made) == 1
