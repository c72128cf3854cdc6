import sys, threading, time
from show import show
# A daemon that is blocked does not keep the process alive, a thread that is not does.
threading.Thread(target=threading.Event().wait, daemon=True).start()
def work():
    threading.main_thread().join()
    print("worker ends")
threading.Thread(target=work).start()
print("main ends")
sys.exit("leaving")
