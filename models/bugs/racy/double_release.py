"""A Lock is released twice when both threads think that it is theirs."""
import threading

lock = threading.Lock()


def work():
    lock.acquire(timeout=1)
    lock.release()


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
