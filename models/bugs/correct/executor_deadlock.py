"""The pool has room for the task that the other one waits for."""
from concurrent.futures import ThreadPoolExecutor


def inner():
    return 1


def outer():
    return pool.submit(inner).result()


pool = ThreadPoolExecutor(max_workers=2)
with pool:
    assert pool.submit(outer).result() == 1
