"""Two views of the same bytes are two ways to the same items."""
import threading

memory = bytearray(2)
views = [memoryview(memory)[0:1], memoryview(memory)[0:1]]


def work(view):
    view[0] += 1


threads = [threading.Thread(target=work, args=(v,)) for v in views]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert memory[0] == 2
