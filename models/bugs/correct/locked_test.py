"""acquire(blocking=False) tests and takes the lock in one step."""
import threading

lock = threading.Lock()
waited = []


def work():
    if lock.acquire(blocking=False):
        lock.release()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not waited
