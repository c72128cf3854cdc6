# data-race --strict
import sys
import threading

ready = False
event = threading.Event()
lock = threading.Lock()


def publish():
    global ready
    if len(sys.argv) > 1:
        with lock:
            ready = True
    else:
        ready = True


threading.Thread(target=publish).start()
with lock:
    seen = ready
