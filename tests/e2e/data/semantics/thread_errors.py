import sys, threading, traceback
from show import show

def fail(n): raise ValueError("wrong", n)
def run(target, **k):
    t = threading.Thread(target=target, name="worker", **k)
    t.start()
    t.join()
    print("ended", t.is_alive())
run(lambda: fail(1))
run(sys.exit)
run(lambda: sys.exit(3))
run(lambda: sys.exit("text"))
def leave(): raise SystemExit
run(leave)
def keyboard(): raise KeyboardInterrupt("k")
run(keyboard)
def generator(): raise GeneratorExit
run(generator)
def base(): raise BaseException("base")
run(base)
def chained():
    try: fail(2)
    except ValueError as e: raise KeyError("later") from e
run(chained)
def context():
    try: fail(2)
    finally: {}[1]
run(context)
run(lambda: exec("raise OSError(2, 'gone')"))
def group(): raise ExceptionGroup("many", [ValueError(1), KeyError(2)])
run(group)
class NoText(Exception):
    def __str__(self): raise RuntimeError
def notext(): raise NoText
run(notext)
class Own(threading.Thread):
    def run(self): fail(5)
o = Own(name="own")
o.start()
o.join()

def hook(args):
    print("hook", args.exc_type.__name__, args.exc_value, args.exc_traceback is not None, args.thread.name)
threading.excepthook = hook
run(lambda: fail(3))
run(sys.exit)
run(keyboard)
def bad(args): raise RuntimeError("bad hook")
threading.excepthook = bad
run(lambda: fail(4))
threading.excepthook = None
show("no hook", lambda: threading.Thread())
threading.excepthook = hook
gate = threading.Event()
t = threading.Thread(target=lambda: (gate.wait(), fail(5)))
t.start()
threading.excepthook = None
gate.set()
t.join()
threading.excepthook = threading.__excepthook__
run(lambda: fail(6))
show("hooks", lambda: (threading.excepthook, threading.__excepthook__ is threading.excepthook))
show("args", lambda: threading.ExceptHookArgs)
show("args made", lambda: threading.ExceptHookArgs((ValueError, ValueError(1), None, None)))
show("hook called", lambda: threading.excepthook(threading.ExceptHookArgs((ValueError, ValueError(1), None, None))))
show("hook called", lambda: threading.excepthook(threading.ExceptHookArgs((SystemExit, SystemExit(1), None, None))))
show("hook wrong", lambda: threading.excepthook(3))
show("hook too few", lambda: threading.excepthook(threading.ExceptHookArgs((ValueError,))))
del threading.excepthook
show("hook deleted", lambda: threading.Thread())
threading.excepthook = threading.__excepthook__
sys.stderr = None
run(lambda: fail(8))
sys.stderr = sys.__stderr__
show("last", lambda: sys.exc_info())
def deep(n): return deep(n - 1) if n else fail(9)
run(lambda: deep(3))
def forever(): forever()
run(forever)
