"""A captured variable is increased by two threads."""
import threading


def make_counter():
    count = 0

    def increase():
        nonlocal count
        count += 1

    return increase, lambda: count


increase, value = make_counter()
threads = [threading.Thread(target=increase) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert value() == 2
