"""A Lock is released by whoever has acquired it."""
import threading

lock = threading.Lock()


def work():
    if lock.acquire(timeout=1):
        lock.release()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
