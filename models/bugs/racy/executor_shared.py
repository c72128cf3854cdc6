"""The tasks of a pool share an object."""
import types
from concurrent.futures import ThreadPoolExecutor

state = types.SimpleNamespace(done=0)


def task(n):
    state.done += n


with ThreadPoolExecutor(2) as pool:
    list(pool.map(task, (1, 2)))
assert state.done == 3
