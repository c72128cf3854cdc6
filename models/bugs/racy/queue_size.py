"""qsize() is old when it is used."""
import queue
import threading

numbers = queue.Queue()
got = []


def work():
    got.append(numbers.qsize())
    numbers.put("x")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(got) == [0, 1]
