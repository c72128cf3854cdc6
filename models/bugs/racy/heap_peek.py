"""The smallest item is looked at and taken off in two steps."""
import heapq
import threading

jobs = [1, 2]
done = []


def work():
    first = jobs[0]
    heapq.heappop(jobs)
    done.append(first)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(done) == [1, 2]
