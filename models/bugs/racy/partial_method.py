"""functools.partial(list.pop, ...) of the last item: whoever tested first may be too late."""
import functools
import threading

items = [1]
take = functools.partial(items.pop, 0)
results = []


def work():
    results.append(take() if len(items) > 0 else None)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(results) == 2
