"""The second check is missing inside of the lock."""
import threading

lock = threading.Lock()
ready = False
made = []


def prepare():
    global ready
    if not ready:
        with lock:
            made.append(1)
            ready = True


threads = [threading.Thread(target=prepare) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(made) == 1
