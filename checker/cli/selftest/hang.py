# hang
import sys
import threading
import time

done = threading.Event()


def poll():
    while not done.is_set():
        time.sleep(0.01)


thread = threading.Thread(target=poll)
thread.start()
if len(sys.argv) > 1:
    done.set()
thread.join()
