import contextlib, contextvars, functools, itertools, threading, weakref, gc, asyncio
from show import show

def numbers():
    try:
        got = yield 1
        print("got", got)
        yield 2
    finally: print("closed")
g = numbers()
def run(body):
    result = []
    def work():
        try: result.append(body())
        except BaseException as e: result.append(f"{type(e).__name__}: {e}")
    t = threading.Thread(target=work)
    t.start()
    t.join()
    return result[0]
show("first", lambda: run(lambda: next(g)))
show("second", lambda: g.send("main"))
show("third", lambda: run(lambda: next(g)))
show("again", lambda: run(lambda: next(g)))
def reentrant():
    yield next(r)
r = reentrant()
show("reentrant", lambda: next(r))
@contextlib.contextmanager
def managed(name):
    print("enter", name)
    try: yield name
    except KeyError as e: print("swallowed", e)
    finally: print("leave", name)
def use():
    with managed("a") as a, managed("b"):
        raise KeyError(a)
show("managed", lambda: run(use))
with contextlib.ExitStack() as stack:
    stack.callback(print, "popped")
    stack.enter_context(managed("stack"))
    show("in thread", lambda: run(lambda: stack.pop_all().close()))
with contextlib.suppress(ValueError): run(lambda: 1)
with contextlib.closing(numbers()) as n: show("closing", lambda: next(n))
lock = threading.RLock()
def locked():
    with lock:
        yield lock._is_owned()
l = locked()
show("lock in generator", lambda: next(l))
show("held", lambda: run(lambda: lock.acquire(False)))
l.close()
show("free", lambda: run(lambda: lock.acquire(False)))
var = contextvars.ContextVar("var", default="default")
var.set("main")
show("var", lambda: (var.get(), run(var.get)))
context = contextvars.copy_context()
show("copied", lambda: run(lambda: context.run(var.get)))
def entered():
    return context.run(lambda: run(lambda: context.run(var.get)))
show("entered twice", entered)
token = var.set("new")
show("token elsewhere", lambda: run(lambda: var.reset(token)))
show("token", lambda: (var.reset(token), var.get()))
@functools.lru_cache
def cached(n):
    print("computed", n)
    return n * n
show("cached", lambda: (cached(3), run(lambda: cached(3)), cached.cache_info()))
class Lazy:
    @functools.cached_property
    def value(self):
        print("computed")
        return 5
z = Lazy()
show("cached_property", lambda: (run(lambda: z.value), z.value))
shared = itertools.count()
show("count", lambda: (next(shared), run(lambda: next(shared)), next(shared)))
async def trivial():
    await asyncio.sleep(0)
    return "async"
c = trivial()
show("coroutine", lambda: c.send(None))
c.close()
async def agen():
    yield 1
show("asyncgen", lambda: type(agen()).__name__)
def weak():
    class C: pass
    o = C()
    log = []
    r = weakref.ref(o, lambda _: log.append(threading.current_thread().name))
    holder = [o]
    del o
    t = threading.Thread(target=holder.clear, name="dropper")
    t.start(); t.join()
    return log, r()
show("weak callback", weak)
d = weakref.WeakValueDictionary()
class V: pass
v = V(); d["k"] = v
show("weak dict", lambda: len(d))
del v
show("weak dict", lambda: len(d))
