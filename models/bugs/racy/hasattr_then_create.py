"""Both threads find that the attribute is missing, and make it."""
import threading


class Service:
    pass


service = Service()
made = []


def connection():
    if not hasattr(service, "link"):
        made.append(1)
        service.link = object()


threads = [threading.Thread(target=connection) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(made) == 1
