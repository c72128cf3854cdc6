"""The old value goes through a function while the lock is held."""
import threading

level = 0
lock = threading.Lock()


def higher(value):
    return value + 1


def work():
    global level
    with lock:
        level = higher(level)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert level == 2
