"""Two lists that should be equal are compared between their changes."""
import threading

sent, logged = [], []


def send():
    sent.append("hello")
    logged.append("hello")


def check():
    assert sent == logged


threads = [threading.Thread(target=f) for f in (send, check)]
for t in threads:
    t.start()
for t in threads:
    t.join()
