"""The result is read before the thread has stored it."""
import threading

result = []


def compute():
    result.append(42)


t = threading.Thread(target=compute)
t.start()
assert result == [42]
t.join()
