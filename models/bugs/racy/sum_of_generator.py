"""sum() of a generator reads item by item, and an amount moves meanwhile."""
import threading

accounts = {"a": 10, "b": 0}


def move():
    accounts["a"] -= 10
    accounts["b"] += 10


def audit():
    assert sum(accounts[name] for name in ("a", "b")) == 10


threads = [threading.Thread(target=f) for f in (move, audit)]
for t in threads:
    t.start()
for t in threads:
    t.join()
