"""Code in exec() uses the same globals, under a lock."""
import threading

counter = 0
lock = threading.Lock()


def work():
    with lock:
        exec("counter += 1", globals())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
