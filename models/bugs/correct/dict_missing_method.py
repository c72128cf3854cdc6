"""__missing__ in Python uses setdefault: all get the same value."""
import threading


class Locks(dict):
    def __missing__(self, key):
        return self.setdefault(key, object())


locks = Locks()
got = []


def work():
    got.append(locks["a"])


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert got[0] is got[1]
