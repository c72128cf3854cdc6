"""Works, and its plain flag is a data race."""
import threading

stop = False


def worker():
    print("stopped" if stop else "not yet")


t = threading.Thread(target=worker)
t.start()
stop = True
t.join()
