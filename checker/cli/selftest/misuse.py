# misuse --strict
import sys
import threading

pool = threading.BoundedSemaphore(1)


def use():
    if len(sys.argv) > 1:
        pool.acquire()
    try:
        pool.release()
    except ValueError:
        pass


for _ in range(2):
    threading.Thread(target=use).start()
