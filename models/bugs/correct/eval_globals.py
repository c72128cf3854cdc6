"""eval() reads a global that is written later, under a lock."""
import threading

level = 0
lock = threading.Lock()


def work():
    global level
    with lock:
        level = eval("level + 1")


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert level == 2
