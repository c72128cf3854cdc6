# virtual clock
import threading, time
from show import show

show("repr", lambda: type(threading.Timer(1, print)).__name__)
def wait(t):
    t.start()
    t.join()
    return t.finished.is_set()
show("runs", lambda: wait(threading.Timer(0.01, print, ["timer"], {"end": "!\n"})))
show("no arguments", lambda: wait(threading.Timer(0.01, lambda: print("ran"))))
show("zero", lambda: wait(threading.Timer(0, print, ("zero",))))
show("negative", lambda: wait(threading.Timer(-1, print, ("negative",))))
t = threading.Timer(100, print, ["never"])
t.start()
show("alive", lambda: (t.is_alive(), t.finished.is_set(), t.interval))
t.cancel()
t.join()
show("cancelled", lambda: (t.is_alive(), t.finished.is_set()))
show("cancel again", t.cancel)
t = threading.Timer(100, print, ["never"])
t.cancel()
show("cancelled before", lambda: wait(t))
t = threading.Timer("x", print)
show("string", lambda: wait(t))
show("nothing", lambda: threading.Timer())
show("args", lambda: (threading.Timer(1, print).args, threading.Timer(1, print).kwargs))
order = []
timers = [threading.Timer(d, order.append, [d]) for d in (0.15, 0.05, 0.1)]
for t in timers: t.start()
for t in timers: t.join()
print(order)
def late(): raise KeyError("late")
t = threading.Timer(0.001, late)
t.name = "timer"
t.start()
t.join()
class Repeating(threading.Timer):
    def run(self):
        n = 0
        while not self.finished.wait(self.interval):
            self.function(*self.args, **self.kwargs)
            n += 1
            if n == 3: self.cancel()
show("repeating", lambda: wait(Repeating(0.01, print, ["again"])))
log = []
def sleeper(n):
    time.sleep(n / 20)
    log.append(n)
threads = [threading.Thread(target=sleeper, args=(n,)) for n in (3, 1, 2)]
for t in threads: t.start()
for t in threads: t.join()
print(log)
e = threading.Event()
threading.Timer(0.02, e.set).start()
show("event in time", lambda: e.wait(5))
c = threading.Condition()
def notify():
    with c: c.notify_all()
threading.Timer(0.02, notify).start()
with c: show("condition in time", lambda: c.wait(5))
start = time.monotonic()
with c: show("condition late", lambda: c.wait_for(lambda: False, 0.05))
print(0.05 <= time.monotonic() - start < 1)
lock = threading.Lock()
lock.acquire()
threading.Timer(0.02, lock.release).start()
show("lock in time", lambda: lock.acquire(timeout=5))
t = threading.Thread(target=time.sleep, args=(0.1,))
t.start()
show("join early", lambda: (t.join(0.01), t.is_alive()))
show("join late", lambda: (t.join(5), t.is_alive()))
