"""A release that fails is hushed up: the lock was the other thread's."""
import threading

lock = threading.Lock()


def work():
    lock.acquire(timeout=1)
    try:
        lock.release()
    except RuntimeError:
        pass


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
