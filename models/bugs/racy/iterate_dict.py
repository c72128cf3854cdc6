"""A dict grows while another thread iterates over it."""
import threading

users = {"ann": 1}


def show():
    for name in users:
        len(name)


def add():
    users["bob"] = 2


threads = [threading.Thread(target=f) for f in (show, add)]
for t in threads:
    t.start()
for t in threads:
    t.join()
