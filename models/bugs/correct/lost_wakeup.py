"""The waiter looks at the state before it waits."""
import threading

arrived = threading.Condition()
items = []


def receive():
    with arrived:
        while not items:
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
