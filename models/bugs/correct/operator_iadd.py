"""operator.iadd of a list changes it in place, in one step."""
import operator
import threading

total = []


def work():
    operator.iadd(total, [1])


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == [1, 1]
