"""A global is deleted when nobody uses it any more."""
import threading

config = {"size": 1}


def use():
    return config["size"]


def clean_up():
    global config
    del config


threads = [threading.Thread(target=use) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
clean_up()
