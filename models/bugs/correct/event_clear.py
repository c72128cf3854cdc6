"""A semaphore counts the signals."""
import threading

ready = threading.Semaphore(0)


def signal():
    ready.release()


def wait_twice():
    for _ in range(2):
        ready.acquire()


threads = [threading.Thread(target=f) for f in (signal, signal, wait_twice)]
for t in threads:
    t.start()
for t in threads:
    t.join()
