"""heapq.heappop takes the smallest item off in one step."""
import heapq
import threading

jobs = [1, 2]
done = []


def work():
    done.append(heapq.heappop(jobs))


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert sorted(done) == [1, 2]
