"""functools.partial(list.append, ...) is one step."""
import functools
import threading

items = [1]
put = functools.partial(items.append, 0)
results = []


def work():
    results.append(put())


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(results) == 2
