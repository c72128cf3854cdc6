# lost-update
import sys
import threading

count = 0
lock = threading.Lock()


def increase():
    global count
    if len(sys.argv) > 1:
        with lock:
            count += 1
    else:
        count += 1


threads = [threading.Thread(target=increase) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
