"""A thread that is no daemon waits for an event that is always set."""
import threading

started, stop = threading.Event(), threading.Event()


def work():
    started.set()
    stop.wait()


t = threading.Thread(target=work)
t.start()
started.wait()
stop.set()
