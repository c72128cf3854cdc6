"""Two threads increase different items of a list."""
import threading

totals = [0, 0]


def work(i):
    totals[i] += 1


threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sum(totals) == 2
