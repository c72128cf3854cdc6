"""Tuples, strings and frozensets are shared without a lock."""
import threading

config = ("a", frozenset({1, 2}), "text")
results = []


def read():
    name, numbers, text = config
    results.append(name + text + str(sum(numbers)))


threads = [threading.Thread(target=read) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert results == ["atext3", "atext3"]
