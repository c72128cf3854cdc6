"""a.b.c[0] += 1 under a lock."""
import threading
import types

app = types.SimpleNamespace(stats=types.SimpleNamespace(counts=[0]))
lock = threading.Lock()


def work():
    with lock:
        app.stats.counts[0] += 1


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert app.stats.counts[0] == 2
