"""operator.iadd of a number changes nothing in place."""
import operator
import threading

total = 0


def work():
    global total
    total = operator.iadd(total, 1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert total == 2
