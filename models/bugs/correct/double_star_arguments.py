"""f(**state) reads the dict while a lock is held."""
import threading

state = {"n": 0}
lock = threading.Lock()


def step(n):
    return {"n": n + 1}


def work():
    with lock:
        state.update(step(**state))


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert state["n"] == 2
