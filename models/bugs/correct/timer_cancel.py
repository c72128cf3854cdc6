"""After cancel() and join(), either it has gone off or it never will."""
import threading

rang = []
timer = threading.Timer(1, rang.append, ("ring",))
timer.start()
timer.cancel()
timer.join()
before = list(rang)
assert before == rang
