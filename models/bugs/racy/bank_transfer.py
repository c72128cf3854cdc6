"""Money is in neither account while it is moved."""
import threading

accounts = {"a": 5, "b": 5}


def transfer():
    accounts["a"] -= 1
    accounts["b"] += 1


def audit():
    assert accounts["a"] + accounts["b"] == 10


threads = [threading.Thread(target=f) for f in (transfer, audit)]
for t in threads:
    t.start()
for t in threads:
    t.join()
