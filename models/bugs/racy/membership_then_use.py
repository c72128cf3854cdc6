"""The key is gone between the test and the use."""
import threading

sessions = {"ann": 1}


def use():
    if "ann" in sessions:
        assert sessions["ann"] == 1


def log_out():
    del sessions["ann"]


threads = [threading.Thread(target=f) for f in (use, log_out)]
for t in threads:
    t.start()
for t in threads:
    t.join()
