"""Whoever finds that the attribute is missing makes it, under a lock."""
import threading


class Service:
    pass


service = Service()
made = []
lock = threading.Lock()


def connection():
    with lock:
        if not hasattr(service, "link"):
            made.append(1)
            service.link = object()


threads = [threading.Thread(target=connection) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(made) == 1
