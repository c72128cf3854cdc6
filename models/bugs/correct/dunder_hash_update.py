"""An item whose key has __eq__ and __hash__ in Python is increased under a lock."""
import threading


class Key:
    def __init__(self, name):
        self.name = name

    def __hash__(self):
        return hash(self.name)

    def __eq__(self, other):
        return self.name == other.name


table = {Key("a"): 0}
lock = threading.Lock()


def work():
    with lock:
        table[Key("a")] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert table[Key("a")] == 2
