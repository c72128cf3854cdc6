"""A context variable is one per thread, if each thread sets it."""
import contextvars
import threading

state = contextvars.ContextVar("state", default={"n": 0})


def work():
    state.set({"n": 0})
    state.get()["n"] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert state.get() == {"n": 0}
