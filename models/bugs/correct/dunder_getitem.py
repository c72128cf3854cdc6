"""__getitem__ and __setitem__ in Python under a lock around both."""
import threading

lock = threading.Lock()


class Memory:
    total = 0

    def __getitem__(self, key):
        return self.total

    def __setitem__(self, key, value):
        self.total = value


memory = Memory()


def work():
    with lock:
        memory["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert memory.total == 2
