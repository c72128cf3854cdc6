"""A bit of a byte is set by reading and writing the byte."""
import threading

flags = bytearray(1)


def set_bit(n):
    flags[0] |= 1 << n


threads = [threading.Thread(target=set_bit, args=(n,)) for n in (0, 1)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert flags[0] == 3
