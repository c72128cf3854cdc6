"""__hash__ depends on an attribute that somebody changes: the key is not found again."""
import threading


class Key:
    def __init__(self, name):
        self.name = self.shown = name

    def __hash__(self):
        return hash(self.name)


key = Key("a")
table = {key: 1}


def look_up():
    assert table[key] == 1


def rename():
    key.name = "b"


threads = [threading.Thread(target=f) for f in (look_up, rename)]
for t in threads:
    t.start()
for t in threads:
    t.join()
