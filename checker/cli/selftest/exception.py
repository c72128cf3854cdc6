# exception
import sys
import threading

cache = {"key": 1}
lock = threading.Lock()


def remove():
    if len(sys.argv) > 1:
        with lock:
            if "key" in cache:
                del cache["key"]
    elif "key" in cache:
        del cache["key"]


for _ in range(2):
    threading.Thread(target=remove).start()
