"""The object can be found before it is complete."""
import threading

found = {}


class Service:
    def __init__(self):
        found["service"] = self
        self.url = "here"


def use():
    service = found.get("service")
    if service:
        service.url


threads = [threading.Thread(target=f) for f in (Service, use)]
for t in threads:
    t.start()
for t in threads:
    t.join()
