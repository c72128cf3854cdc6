"""with gives the semaphore back after an exception, too."""
import threading

gate = threading.Semaphore(1)
inputs = ["1", "x"]


def work(text):
    try:
        with gate:
            int(text)
    except ValueError:
        pass


threads = [threading.Thread(target=work, args=(t,)) for t in inputs]
for t in threads:
    t.start()
for t in threads:
    t.join()
