import threading, _thread, weakref, pickle
from show import show

for make in (threading.RLock, threading._PyRLock):
    print(make.__name__)
    lock = make()
    show("new", lambda: lock)
    show("type", lambda: type(lock))
    show("release", lock.release)
    show("acquire", lock.acquire)
    show("again", lock.acquire)
    show("keyword", lock.acquire, blocking=False)
    show("timeout", lock.acquire, timeout=0)
    show("repr", lambda: lock)
    show("owned", lock._is_owned)
    def other():
        show("other try", lock.acquire, False)
        show("other timeout", lock.acquire, timeout=0.001)
        show("other release", lock.release)
        show("other owned", lock._is_owned)
        show("other exit", lock.__exit__, None, None, None)
    t = threading.Thread(target=other)
    t.start()
    t.join()
    show("save", lambda: lock._release_save()[0])
    show("save unowned", lock._release_save)
    show("repr", lambda: lock)
    show("restore", lambda: lock._acquire_restore((3, threading.get_ident())))
    show("repr", lambda: lock)
    for _ in range(4):
        show("release", lock.release)
    show("enter", lock.__enter__)
    show("exit", lock.__exit__, None, None, None)
    show("exit again", lock.__exit__, None, None, None)
    show("has locked", lambda: hasattr(lock, "locked"))
    def inner():
        with lock as value, lock:
            return value
    show("with", inner)
lock = threading.RLock()
show("negative", lock.acquire, True, -2)
show("nonblocking timeout", lock.acquire, False, 1)
show("too large", lock.acquire, True, 1e100)
show("string", lock.acquire, "x")
show("unknown", lock.acquire, a=1)
show("too many", lock.acquire, 1, 2, 3)
show("RLock(1)", lambda: threading.RLock(1))
show("RLock(x)", lambda: threading.RLock(x=1))
show("_CRLock(1)", lambda: _thread.RLock(1))
show("same", lambda: threading._CRLock is _thread.RLock)
class Sub(_thread.RLock):
    def __init__(self, n): self.n = n
show("subclass", lambda: Sub(3).n)
class Plain(_thread.RLock): pass
def use():
    p = Plain()
    p.extra = 1
    with p, p:
        return p.extra, p
show("plain subclass", use)
show("subclass arguments", lambda: Plain(1))
show("weak", lambda: weakref.ref(lock)() is lock)
show("pickle", lambda: pickle.dumps(lock))
show("dir", lambda: [name for name in dir(lock) if not name.startswith("__")])
show("restore wrong", lambda: lock._acquire_restore((1,)))
show("restore type", lambda: lock._acquire_restore(1))
for name in ("acquire", "release", "_is_owned", "_release_save", "_acquire_restore"):
    show("doc " + name, lambda: getattr(lock, name).__doc__)
