"""log += [...] on a local name for a list that nobody replaces: one step."""
import threading

log = ["old"]


def write():
    mine = log
    mine += ["new"]


def flush():
    log.remove("old")


threads = [threading.Thread(target=f) for f in (write, flush)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert "old" not in log
