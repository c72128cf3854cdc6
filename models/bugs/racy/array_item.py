"""An item of an array is increased by two threads."""
import threading
from array import array

samples = array("i", [0, 0])


def work():
    samples[0] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert samples[0] == 2
