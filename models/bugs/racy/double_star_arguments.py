"""f(**state) reads the dict, and the result is stored later."""
import threading

state = {"n": 0}


def step(n):
    return {"n": n + 1}


def work():
    state.update(step(**state))


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert state["n"] == 2
