"""Two lists that should be equal are compared and changed under a lock."""
import threading

sent, logged = [], []
lock = threading.Lock()


def send():
    with lock:
        sent.append("hello")
        logged.append("hello")


def check():
    with lock:
        assert sent == logged


threads = [threading.Thread(target=f) for f in (send, check)]
for t in threads:
    t.start()
for t in threads:
    t.join()
