import threading


class Cache:
    def __init__(self):
        self.hits = 0
        self.entries = {}

    def get(self, key):
        self.hits += 1
        return self.entries.get(key)


def at_the_same_time(*functions):
    threads = [threading.Thread(target=f) for f in functions]
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def test_concurrent_updates():
    cache = Cache()
    at_the_same_time(lambda: cache.get(1), lambda: cache.get(2))


class TestCache:
    def test_clear(self):
        cache = Cache()
        at_the_same_time(lambda: cache.get(1), cache.entries.clear)
