"""A number that goes through the queue is seen by one thread."""
import queue
import threading

numbers = queue.Queue()
numbers.put(0)
got = []


def work():
    n = numbers.get()
    got.append(n)
    numbers.put(n + 1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [0, 1]
