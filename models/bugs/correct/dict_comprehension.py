"""A comprehension iterates over a copy of a dict that grows."""
import threading

ports = {"http": 80}


def by_number():
    return {number: name for name, number in ports.copy().items()}


def add():
    ports["ssh"] = 22


threads = [threading.Thread(target=f) for f in (by_number, add)]
for t in threads:
    t.start()
for t in threads:
    t.join()
