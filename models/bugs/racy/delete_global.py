"""A global is deleted while somebody uses it."""
import threading

config = {"size": 1}


def use():
    return config["size"]


def clean_up():
    global config
    del config


threads = [threading.Thread(target=f) for f in (use, clean_up)]
for t in threads:
    t.start()
for t in threads:
    t.join()
