"""A global is increased as an attribute of the module __main__ under a lock."""
import sys
import threading

counter = 0
lock = threading.Lock()


def work():
    me = sys.modules["__main__"]
    with lock:
        me.counter += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert counter == 2
