"""A thread calls itself without end, through C: RecursionError, but by then every level has taken a
piece of the thread's C stack, which calls between Python functions do not."""
import threading


def descend(depth):
    return max([depth, depth + 1], key=descend)


thread = threading.Thread(target=descend, args=(0,))
thread.start()
thread.join()
print("main goes on")
