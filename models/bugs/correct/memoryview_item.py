"""Two views of different bytes do not touch each other."""
import threading

memory = bytearray(2)
views = [memoryview(bytearray(1)), memoryview(bytearray(1))]


def work(view):
    view[0] += 1


threads = [threading.Thread(target=work, args=(v,)) for v in views]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert views[0][0] + views[1][0] == 2
