# outcome --expect-output=/^first/
import sys
import threading

thread = threading.Thread(target=print, args=("first",))
thread.start()
if len(sys.argv) > 1:
    thread.join()
print("second")
