"""The main program exits with status 5."""
import sys
import threading

thread = threading.Thread(target=print, args=("the thread has run",))
thread.start()
thread.join()
sys.exit(5)
