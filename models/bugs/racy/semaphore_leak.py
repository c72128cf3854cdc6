"""An exception leaves the semaphore taken."""
import threading

gate = threading.Semaphore(1)
inputs = ["1", "x"]


def work(text):
    gate.acquire()
    try:
        int(text)
        gate.release()
    except ValueError:
        pass


threads = [threading.Thread(target=work, args=(t,)) for t in inputs]
for t in threads:
    t.start()
for t in threads:
    t.join()
