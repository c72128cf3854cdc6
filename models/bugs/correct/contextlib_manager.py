"""Each thread changes its own threading.local for the time of a with block."""
import contextlib
import threading

class State(threading.local):
    level = 0


state = State()


@contextlib.contextmanager
def at_level(n):
    old = state.level
    state.level = n
    yield
    state.level = old


def work(n):
    with at_level(n):
        pass


threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert state.level == 0
