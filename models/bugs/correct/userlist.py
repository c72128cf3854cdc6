"""A UserList is read and written under a lock."""
import threading
from collections import UserList

numbers = UserList([0])
lock = threading.Lock()


def work():
    with lock:
        numbers.append(max(numbers) + 1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert numbers == [0, 1, 2]
