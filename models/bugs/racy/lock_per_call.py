"""A lock that is made for each call protects nothing."""
import threading

counter = 0


def work():
    lock = threading.Lock()
    global counter
    with lock:
        counter += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
