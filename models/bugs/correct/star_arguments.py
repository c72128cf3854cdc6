"""f(*values) reads the list while a lock is held."""
import threading

values = [1]
lock = threading.Lock()


def total(*numbers):
    return sum(numbers)


def work():
    with lock:
        values.append(total(*values))


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert values == [1, 1, 2]
