"""An exception leaves a thread; the main program goes on."""
import threading


def fail():
    raise ValueError("nobody catches this")


thread = threading.Thread(target=fail)
thread.start()
thread.join()
print("main goes on")
