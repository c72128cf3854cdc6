import threading
from collections import deque
from show import show

for make in (lambda: threading.Condition(), lambda: threading.Condition(threading.Lock()),
             lambda: threading.Condition(threading._PyRLock()), lambda: threading.Condition(threading.RLock())):
    c = make()
    show("repr", lambda: c)
    show("wait unowned", c.wait)
    show("wait unowned timeout", c.wait, 1)
    show("notify unowned", c.notify)
    show("notify_all unowned", c.notify_all)
    show("wait_for unowned", c.wait_for, lambda: False)
    show("wait_for true unowned", c.wait_for, lambda: 7)
    show("release", c.release)
    show("acquire", c.acquire)
    show("owned", c._is_owned)
    show("wait 0", c.wait, 0)
    show("wait -1", c.wait, -1)
    show("wait small", c.wait, 0.001)
    show("wait keyword", c.wait, timeout=0.001)
    show("wait string", c.wait, "x")
    show("wait false", c.wait, False)
    show("wait two", lambda: c.wait(1, 2))
    show("wait unknown", lambda: c.wait(time=1))
    show("owned after", c._is_owned)
    show("notify none", c.notify)
    show("notify 3", c.notify, 3)
    show("notify 0", c.notify, 0)
    show("notify -1", c.notify, -1)
    show("notify keyword", c.notify, n=2)
    show("notify float", c.notify, 1.5)
    show("notify string", c.notify, "a")
    show("notify none", c.notify, None)
    show("notify two", lambda: c.notify(1, 2))
    show("notify_all", c.notify_all)
    show("notify_all 1", lambda: c.notify_all(1))
    show("waiters", lambda: c._waiters)
    show("wait_for 0", c.wait_for, lambda: 0, 0)
    show("wait_for list", c.wait_for, lambda: [], timeout=0.001)
    show("wait_for true", c.wait_for, lambda: "yes")
    show("wait_for error", c.wait_for, lambda: 1 / 0)
    show("wait_for not callable", c.wait_for, 3)
    show("wait_for string", c.wait_for, lambda: 0, "x")
    show("wait_for nothing", lambda: c.wait_for())
    show("release", c.release)
    show("owned", c._is_owned)
    show("enter", c.__enter__)
    show("exit", c.__exit__, None, None, None)
    show("attributes", lambda: sorted(vars(c)))
    show("try", c.acquire, False)
    show("release", c.release)
show("notifyAll", lambda: threading.Condition().notifyAll())
c = threading.Condition(threading.Lock())
c._lock.acquire()
def other():
    show("other owned", c._is_owned)
    show("other notify", c.notify)
t = threading.Thread(target=other)
t.start()
t.join()
c._lock.release()
show("Condition(1)", lambda: threading.Condition(1))
show("Condition(1, 2)", lambda: threading.Condition(1, 2))
show("Condition(lock=None)", lambda: type(threading.Condition(lock=None)._lock))

# Who waits first is notified first.
c = threading.Condition()
order, waiting = [], []
def wait(i):
    with c:
        waiting.append(i)
        c.wait()
        order.append(i)
def until(n):
    while True:
        with c:
            if len(waiting) == n:
                return
threads = []
for i in range(4):
    threads.append(threading.Thread(target=wait, args=(i,)))
    threads[-1].start()
    until(i + 1)
with c:
    show("waiters", lambda: c)
    c.notify()
threads[0].join()
with c:
    c.notify(2)
threads[1].join()
threads[2].join()
with c:
    c.notify_all()
threads[3].join()
print(order[0], sorted(order[1:3]), order[3])

# Recursive locks are given up completely.
c = threading.Condition()
done = []
def setter():
    with c:
        done.append(1)
        c.notify()
with c:
    with c:
        with c:
            t = threading.Thread(target=setter)
            t.start()
            show("wait deep", c.wait_for, lambda: done)
            show("still owned", c._is_owned)
    show("still owned", c._is_owned)
show("free", c._is_owned)
t.join()

class Recording(threading.Condition):
    def wait(self, timeout=None):
        print("wait", timeout)
        return super().wait(timeout)
    def notify(self, n=1):
        print("notify", n)
        super().notify(n)
r = Recording()
with r:
    show("recording", r.wait_for, lambda: False, 0)
    r.notify_all()
    r.notify(5)

class Custom:
    """A lock of the program's own."""
    def __init__(self): self.inner = threading.Lock()
    def acquire(self, blocking=True, timeout=-1):
        print("custom acquire", blocking, timeout)
        return self.inner.acquire(blocking, timeout)
    def release(self):
        print("custom release")
        self.inner.release()
    def __enter__(self): return self.acquire()
    def __exit__(self, *_): self.release()
c = threading.Condition(Custom())
show("custom unowned", c.wait)
with c:
    show("custom wait", c.wait, 0.001)
    show("custom notify", c.notify_all)
