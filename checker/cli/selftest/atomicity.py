# atomicity --fail-on=atomicity
import sys
import threading

started = 0
lock = threading.Lock()


def start_once():
    global started
    if len(sys.argv) > 1:
        with lock:
            if not started:
                started = 1
    elif not started:
        started = 1


for _ in range(2):
    threading.Thread(target=start_once).start()
