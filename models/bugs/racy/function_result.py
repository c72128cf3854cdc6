"""The old value goes through a function before it is written back."""
import threading

level = 0


def higher(value):
    return value + 1


def work():
    global level
    level = higher(level)


threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads:
    t.start()
for t in threads:
    t.join()
assert level == 2
