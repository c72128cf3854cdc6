"""Money is moved and counted under a lock."""
import threading

accounts = {"a": 5, "b": 5}
lock = threading.Lock()


def transfer():
    with lock:
        accounts["a"] -= 1
        accounts["b"] += 1


def audit():
    with lock:
        assert accounts["a"] + accounts["b"] == 10


threads = [threading.Thread(target=f) for f in (transfer, audit)]
for t in threads:
    t.start()
for t in threads:
    t.join()
