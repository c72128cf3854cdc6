"""The tasks of a pool return what they did, and main adds it up."""
import types
from concurrent.futures import ThreadPoolExecutor

state = types.SimpleNamespace(done=0)


def task(n):
    return n


with ThreadPoolExecutor(2) as pool:
    state.done = sum(pool.map(task, (1, 2)))
assert state.done == 3
