"""A list gets shorter while another thread iterates over it: an element is skipped."""
import threading

numbers = [1, 2, 3]
found = []


def search():
    for n in numbers:
        found.append(n)


def shorten():
    numbers.remove(1)


threads = [threading.Thread(target=f) for f in (search, shorten)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert 2 in found
