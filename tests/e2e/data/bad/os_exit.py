"""A thread ends the whole process with os._exit(3)."""
import os
import threading


def leave():
    os._exit(3)


thread = threading.Thread(target=leave)
thread.start()
thread.join()
print("never printed")
