"""A semaphore that lets one in protects what it does."""
import threading

gate = threading.Semaphore(1)
counter = 0


def work():
    global counter
    with gate:
        counter += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
