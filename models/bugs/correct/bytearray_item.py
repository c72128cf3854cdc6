"""A bit of a byte is set under a lock."""
import threading

flags = bytearray(1)
lock = threading.Lock()


def set_bit(n):
    with lock:
        flags[0] |= 1 << n


threads = [threading.Thread(target=set_bit, args=(n,)) for n in (0, 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert flags[0] == 3
