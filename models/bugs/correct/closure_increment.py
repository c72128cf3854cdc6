"""A captured variable is increased by two threads under a lock."""
import threading


def make_counter():
    count = 0
    lock = threading.Lock()

    def increase():
        nonlocal count
        with lock:
            count += 1

    return increase, lambda: count


increase, value = make_counter()
threads = [threading.Thread(target=increase) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert value() == 2
