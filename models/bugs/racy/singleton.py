"""__new__ makes two instances of a class that should have one."""
import threading


class Registry:
    instance = None

    def __new__(cls):
        if cls.instance is None:
            cls.instance = super().__new__(cls)
        return cls.instance


got = []


def work():
    got.append(Registry())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert got[0] is got[1]
