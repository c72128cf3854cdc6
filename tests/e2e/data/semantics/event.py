import threading
from show import show

e = threading.Event()
show("repr", lambda: e)
show("is_set", e.is_set)
show("wait 0", e.wait, 0)
show("wait small", e.wait, timeout=0.001)
show("wait -1", e.wait, -1)
show("wait string", e.wait, "x")
show("wait false", e.wait, False)
show("wait two", lambda: e.wait(1, 2))
show("wait unknown", lambda: e.wait(time=1))
show("set", e.set)
show("repr", lambda: e)
show("set again", e.set)
show("is_set", e.is_set)
show("isSet", e.isSet)
show("wait", e.wait)
show("wait 1", e.wait, 1)
show("wait string", e.wait, "x")
show("wait list", e.wait, [])
show("wait nan", e.wait, float("nan"))
show("wait huge", e.wait, 1e100)
show("clear", e.clear)
show("is_set", e.is_set)
show("wait nan", e.wait, float("nan"))
show("wait huge", e.wait, 1e100)
show("wait list", e.wait, [])
show("set 1", lambda: e.set(1))
show("clear 1", lambda: e.clear(1))
show("is_set 1", lambda: e.is_set(1))
show("Event(1)", lambda: threading.Event(1))
show("attributes", lambda: sorted(vars(e)))
got = []
threads = [threading.Thread(target=lambda: got.append(e.wait())) for _ in range(3)]
for t in threads: t.start()
e.set()
for t in threads: t.join()
print(got)
class Loud(threading.Event):
    def set(self):
        print("set")
        super().set()
    def is_set(self):
        print("is_set?")
        return super().is_set()
loud = Loud()
show("loud", lambda: (loud.is_set(), loud.wait(0), loud.set(), loud.wait(), loud.isSet(), loud))
e._flag = True
show("flag", lambda: (e.is_set(), e.wait(), e))
e._flag = 5
show("flag 5", lambda: (e.is_set(), e.wait(0), e.wait()))
e._flag = []
show("flag []", lambda: (e.is_set(), e.wait(0)))
