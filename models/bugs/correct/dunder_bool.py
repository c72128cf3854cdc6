"""Truth by __bool__ in Python, and the permission taken under a lock."""
import threading


class Permission:
    free = True

    def __bool__(self):
        return self.free


permission = Permission()
taken = []
lock = threading.Lock()


def work():
    with lock:
        if permission:
            permission.free = False
            taken.append(1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(taken) == 1
