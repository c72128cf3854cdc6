"""A thread that is no daemon waits for an event that is set only if it came first."""
import threading

started, stop = threading.Event(), threading.Event()


def work():
    started.set()
    stop.wait()


t = threading.Thread(target=work)
t.start()
if started.is_set():
    stop.set()
