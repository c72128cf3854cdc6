"""Code in exec() uses the same globals."""
import threading

counter = 0


def work():
    exec("counter += 1", globals())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
