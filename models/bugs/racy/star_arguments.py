"""f(*values) reads the list, and the result is appended later."""
import threading

values = [1]


def total(*numbers):
    return sum(numbers)


def work():
    values.append(total(*values))


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert values == [1, 1, 2]
