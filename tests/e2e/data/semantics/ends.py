import atexit, sys, threading, weakref, logging
from show import show

def last(*a, **k): print("exit", a, k)
show("register", lambda: atexit.register(last, 1, x=2) is last)
atexit.register(lambda: 1 / 0)
@atexit.register
def decorated(): print("decorated", threading.active_count(), threading.main_thread().is_alive())
atexit.register(last, "unregistered")
atexit.register(print, "kept")
show("unregister", lambda: atexit.unregister(len))
show("wrong", lambda: atexit.register(3))
show("nothing", lambda: atexit.register())
class Thing:
    def __init__(self, name): self.name = name
    def __del__(self): print("del", self.name)
finalized = Thing("finalized")
f = weakref.finalize(finalized, print, "finalizer", 1)
show("finalizer", lambda: (f.alive, f.atexit, f.peek()[1] is print))
other = Thing("other")
g = weakref.finalize(other, print, "other finalizer")
del other
show("dead", lambda: (g.alive, g(), g.peek()))
def late():
    threading.main_thread().join()
    print("main has ended", threading.main_thread().is_alive())
threading.Thread(target=late).start()
class Failing:
    def __del__(self): raise ValueError("in del")
fail = Failing()
del fail
r = weakref.ref(Thing("weak"), lambda ref: print("callback", ref()))
def bad(ref): raise KeyError("callback")
t = Thing("bad")
b = weakref.ref(t, bad)
del t
sys.excepthook = lambda t, v, tb: print("excepthook", t.__name__, v)
global_thing = Thing("global")
cycle = Thing("cycle"); cycle.me = cycle
import gc
del cycle
show("collected", lambda: gc.collect() > 0)
print("the end")
