"""The timer goes off before it is cancelled."""
import threading

rang = []
timer = threading.Timer(1, rang.append, ("ring",))
timer.start()
timer.cancel()
assert not rang
