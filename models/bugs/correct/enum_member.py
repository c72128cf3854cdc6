"""An attribute of a member of an enumeration is increased under a lock."""
import enum
import threading


class Color(enum.Enum):
    RED = "red"


Color.RED.uses = 0
lock = threading.Lock()


def work():
    with lock:
        Color.RED.uses += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert Color.RED.uses == 2
