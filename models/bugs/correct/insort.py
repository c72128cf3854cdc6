"""Looking whether an item is there and inserting it, under a lock."""
import bisect
import threading

marks = [1, 5]
lock = threading.Lock()


def insert_once(n):
    with lock:
        i = bisect.bisect_left(marks, n)
        if i == len(marks) or marks[i] != n:
            bisect.insort(marks, n)


threads = [threading.Thread(target=insert_once, args=(3,)) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert marks == [1, 3, 5]
