"""The lock is taken by somebody else after locked() has said that it is free."""
import threading

lock = threading.Lock()
waited = []


def work():
    if not lock.locked():
        if not lock.acquire(blocking=False):
            waited.append(1)
            return
        lock.release()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert not waited
