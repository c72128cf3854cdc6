"""A thread calls itself without end, in Python frames only: RecursionError."""
import threading


def descend(depth):
    return descend(depth + 1)


thread = threading.Thread(target=descend, args=(0,))
thread.start()
thread.join()
print("main goes on")
