# exit-status
import queue
import sys
import threading

results = queue.Queue()
thread = threading.Thread(target=results.put, args=(1,))
thread.start()
if len(sys.argv) > 1:
    thread.join()
sys.exit(results.empty())
