"""A reader gets the pair that was stored in one step."""
import threading

account = {"state": (1, 1)}


def write():
    account["state"] = (2, 2)


def read():
    balance, entries = account["state"]
    assert balance == entries


threads = [threading.Thread(target=f) for f in (write, read)]
for t in threads:
    t.start()
for t in threads:
    t.join()
