"""dict.get tests and reads in one step."""
import threading

sessions = {"ann": 1}


def use():
    assert sessions.get("ann") in (1, None)


def log_out():
    del sessions["ann"]


threads = [threading.Thread(target=f) for f in (use, log_out)]
for t in threads:
    t.start()
for t in threads:
    t.join()
