# deadlock
import sys
import threading

ready = False
condition = threading.Condition()


def wait():
    with condition:
        if len(sys.argv) > 1:
            condition.wait_for(lambda: ready)
        else:
            condition.wait()


thread = threading.Thread(target=wait)
thread.start()
with condition:
    ready = True
    condition.notify()
thread.join()
