"""Truth by __bool__ in Python, and both threads take the same permission."""
import threading


class Permission:
    free = True

    def __bool__(self):
        return self.free


permission = Permission()
taken = []


def work():
    if permission:
        permission.free = False
        taken.append(1)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(taken) == 1
