"""A slice is read, and assigned later."""
import threading

row = [1, 2]


def double():
    row[:] = [2 * n for n in row[:]]


threads = [threading.Thread(target=double) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert row == [4, 8]
