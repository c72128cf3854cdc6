"""A metaclass with __call__ makes two instances."""
import threading



class Single(type):
    instances = {}

    def __call__(cls):
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
