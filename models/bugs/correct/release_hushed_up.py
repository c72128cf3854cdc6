"""Only who got the lock releases it, whatever happens meanwhile."""
import threading

lock = threading.Lock()


def work():
    if lock.acquire(timeout=1):
        try:
            pass
        finally:
            lock.release()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
