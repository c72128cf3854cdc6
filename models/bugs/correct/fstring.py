"""An f-string reads the text that it replaces, under a lock."""
import threading

line = ""
lock = threading.Lock()


def add(word):
    global line
    with lock:
        line = f"{line} {word}"


threads = [threading.Thread(target=add, args=(w,)) for w in ("a", "b")]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert len(line) == 4
