"""A descriptor in Python stores its value in the instance."""
import threading


class Number:
    def __get__(self, instance, owner):
        return instance.__dict__["n"]

    def __set__(self, instance, value):
        instance.__dict__["n"] = value


class Box:
    n = Number()


box = Box()
box.n = 0


def work():
    box.n += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert box.n == 2
