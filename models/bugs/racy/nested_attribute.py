"""a.b.c[0] += 1 reads three attributes and an item, and writes the item."""
import threading
import types

app = types.SimpleNamespace(stats=types.SimpleNamespace(counts=[0]))


def work():
    app.stats.counts[0] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert app.stats.counts[0] == 2
