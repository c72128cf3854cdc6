"""Each thread is joined before the next one starts."""
import threading

counter = 0


def work():
    global counter
    counter += 1


for _ in range(3):
    t = threading.Thread(target=work)
    t.start()
    t.join()
assert counter == 3
