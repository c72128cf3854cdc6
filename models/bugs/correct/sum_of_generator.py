"""sum() of a dict's values reads them in one step, and update() moves in one."""
import threading

accounts = {"a": 10, "b": 0}


def move():
    accounts.update(a=0, b=10)


def audit():
    assert sum(accounts.values()) == 10


threads = [threading.Thread(target=f) for f in (move, audit)]
for t in threads:
    t.start()
for t in threads:
    t.join()
