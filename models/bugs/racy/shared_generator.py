"""Two threads advance one generator: it may be running already."""
import threading

total = 0


def numbers():
    global total
    for n in (1, 2):
        total += n
        yield n


source = numbers()


def take():
    next(source)


threads = [threading.Thread(target=take) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == 3
