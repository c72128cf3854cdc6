"""heappush of tuples runs in C alone: one step."""
import heapq
import threading


jobs = [(5, "job")]


def add(cost):
    heapq.heappush(jobs, (cost, "job"))


threads = [threading.Thread(target=add, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(jobs) == 3
