"""heappush compares objects by their __lt__ in Python: the heap may change meanwhile."""
import heapq
import threading


class Job:
    def __init__(self, cost):
        self.cost = cost

    def __lt__(self, other):
        return self.cost < other.cost


jobs = [Job(5)]


def add(cost):
    heapq.heappush(jobs, Job(cost))


threads = [threading.Thread(target=add, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(jobs) == 3
