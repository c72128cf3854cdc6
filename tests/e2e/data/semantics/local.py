import threading, weakref, copy
from show import show

local = threading.local()
local.x = 1
show("x", lambda: local.x)
show("missing", lambda: local.y)
show("dict", lambda: local.__dict__)
show("delete", lambda: delattr(local, "x"))
show("delete again", lambda: delattr(local, "x"))
local.x = "main"
def run(body):
    t = threading.Thread(target=body)
    t.start()
    t.join()
run(lambda: show("elsewhere", lambda: local.x))
def work():
    local.x = "thread"
    show("thread", lambda: (local.x, local.__dict__))
run(work)
show("main", lambda: local.x)
class Sub(threading.local):
    shared = []
    number = 2
    def __init__(self, start, *, step=1):
        print("init", start, step)
        self.value, self.step = start, step
    def next(self):
        self.value += self.step
        return self.value
    @property
    def double(self): return self.value * 2
sub = Sub(10, step=5)
show("sub", lambda: (sub.value, sub.next(), sub.double))
def sub_work():
    show("sub thread", lambda: (sub.value, sub.next(), sub.double, sub.shared, sub.number))
    sub.shared.append(1)
    sub.number = 3
run(sub_work)
show("sub main", lambda: (sub.value, sub.shared, sub.number))
run(sub_work)
class Slots(threading.local):
    __slots__ = ("s",)
slots = Slots()
slots.s = 1
run(lambda: show("slots", lambda: slots.s))
show("arguments", lambda: threading.local(1))
show("keywords", lambda: threading.local(x=1))
class Failing(threading.local):
    count = 0
    def __init__(self):
        Failing.count += 1
        if Failing.count > 1: raise ValueError("init")
f = Failing()
run(lambda: show("failing", lambda: f.x))
show("repr", lambda: local)
show("dict set", lambda: setattr(local, "__dict__", {}))
show("weak", lambda: weakref.ref(local)() is local)
class Kept: pass
def keep():
    local.kept = Kept()
    refs.append(weakref.ref(local.kept))
refs = []
run(keep)
show("gone with its thread", lambda: refs[0]())
def many():
    mine = threading.local()
    mine.a = Kept()
    r = weakref.ref(mine.a)
    del mine
    show("gone with the local", r)
run(many)
