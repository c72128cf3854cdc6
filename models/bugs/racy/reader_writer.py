"""A reader sees the object between two writes that belong together."""
import threading

account = {"balance": 1, "entries": 1}


def write():
    account["balance"] = 2
    account["entries"] = 2


def read():
    assert account["balance"] == account["entries"]


threads = [threading.Thread(target=f) for f in (write, read)]
for t in threads:
    t.start()
for t in threads:
    t.join()
