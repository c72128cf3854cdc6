"""A set grows while another thread iterates over a copy of it."""
import threading

tags = {"red"}


def show():
    for tag in tags.copy():
        len(tag)


threads = [threading.Thread(target=f) for f in (show, lambda: tags.add("blue"))]
for t in threads:
    t.start()
for t in threads:
    t.join()
