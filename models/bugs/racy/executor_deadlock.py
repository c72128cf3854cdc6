"""A task waits for another task of the same full pool."""
from concurrent.futures import ThreadPoolExecutor


def inner():
    return 1


def outer():
    return pool.submit(inner).result()


pool = ThreadPoolExecutor(max_workers=1)
with pool:
    assert pool.submit(outer).result() == 1
