import atexit, sys, threading
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)
kept = Thing("kept")
atexit.register(print, "exit function")
sys.excepthook = lambda t, v, tb: print("excepthook", t.__name__, v)
def late():
    threading.main_thread().join()
    print("late")
threading.Thread(target=late).start()
def fail():
    local = Thing("local")
    raise SystemError("the end")
fail()
