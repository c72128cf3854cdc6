"""A global is increased as an attribute of the module __main__."""
import sys
import threading

counter = 0


def work():
    me = sys.modules["__main__"]
    me.counter += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
