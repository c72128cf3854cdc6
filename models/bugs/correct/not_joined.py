"""The result is read after the thread has ended."""
import threading

result = []


def compute():
    result.append(42)


t = threading.Thread(target=compute)
t.start()
t.join()
assert result == [42]
