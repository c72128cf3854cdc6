"""notify() comes before wait(), and nobody remembers it."""
import threading

arrived = threading.Condition()
items = []


def receive():
    with arrived:
        arrived.wait()


def send():
    with arrived:
        items.append("mail")
        arrived.notify()


threads = [threading.Thread(target=f) for f in (receive, send)]
for t in threads:
    t.start()
for t in threads:
    t.join()
