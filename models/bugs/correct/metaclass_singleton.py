"""A metaclass with __call__ makes one instance under a lock."""
import threading

lock = threading.Lock()


class Single(type):
    instances = {}

    def __call__(cls):
        with lock:
            if cls not in cls.instances:
                cls.instances[cls] = super().__call__()
        return cls.instances[cls]


class Settings(metaclass=Single):
    pass


got = []


def work():
    got.append(Settings())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert got[0] is got[1]
