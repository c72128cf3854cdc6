"""Two threads increase the same item of a list."""
import threading

totals = [0, 0]


def work(i):
    totals[i] += 1


threads = [threading.Thread(target=work, args=(0,)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sum(totals) == 2
