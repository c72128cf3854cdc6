"""log += [...] writes the variable too, and undoes that somebody has replaced the list."""
import threading

log = ["old"]


def write():
    global log
    log += ["new"]


def flush():
    global log
    log = []


threads = [threading.Thread(target=f) for f in (write, flush)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert "old" not in log
