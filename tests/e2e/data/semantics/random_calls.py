"""Random sequences of calls on one primitive each, in one thread: argv says the seed."""
import concurrent.futures
import queue
import random
import sys
import threading

from show import show

source = random.Random(int(sys.argv[1]))
TIMEOUTS = (0, 0.0, 0.001, -1, -0.5, None, False, 1e-9, "x", float("nan"))


def waiting(can_wait):
    """Arguments of a call that waits, such that it ends."""
    timeouts = [t for t in TIMEOUTS if t is not None and t == t] if not can_wait else TIMEOUTS
    kind = source.randrange(4)
    if kind == 0 and can_wait:
        return {}
    if kind == 1:
        return {"block": False}
    if kind == 2:
        return {"block": source.choice([0, False]), "timeout": source.choice(TIMEOUTS)}
    return {"timeout": source.choice(timeouts)}


def queues(make, item):
    size = source.choice([0, 0, 1, 2, 3, -1])
    q = make(size) if make is not queue.SimpleQueue else make()
    bound = size if size > 0 and make is not queue.SimpleQueue else 10 ** 9
    for _ in range(60):
        n = q.qsize()
        calls = [("put", lambda: show("put", q.put, item(), **waiting(n < bound))), ("get", lambda: show("get", q.get, **waiting(n > 0))),
                 ("qsize", lambda: show("qsize", q.qsize)), ("empty", lambda: show("empty", q.empty)),
                 ("put_nowait", lambda: show("put_nowait", q.put_nowait, item())), ("get_nowait", lambda: show("get_nowait", q.get_nowait))]
        if make is not queue.SimpleQueue:
            calls += [("full", lambda: show("full", q.full)), ("task_done", lambda: show("task_done", q.task_done)),
                      ("unfinished", lambda: show("unfinished", lambda: q.unfinished_tasks))]
            if q.unfinished_tasks == 0:
                calls.append(("join", lambda: show("join", q.join)))
        source.choice(calls)[1]()


def semaphores(kind):
    s = kind(source.choice([0, 1, 2, 5]))
    for _ in range(60):
        arguments = source.choice([{"blocking": False}, {"timeout": 0}, {"timeout": 0.001}, {"timeout": -1}, {"blocking": False, "timeout": 1},
                                   {"blocking": 0}, {"timeout": False}, {} if s._value else {"timeout": 0}])
        source.choice([lambda: show("acquire", s.acquire, **arguments), lambda: show("release", s.release),
                       lambda: show("release n", s.release, source.choice([0, 1, 2, 3, -1, True])), lambda: show("value", lambda: (s._value, s))])()


def locks(make):
    lock = make()
    free = 1
    for _ in range(60):
        choice = source.randrange(6)
        if choice < 2:
            arguments = source.choice([(False,), (True, 0), (True, 0.001), (0,), (False, -1), (True, -3), (False, 2), (1, False)])
            show(f"acquire {arguments}", lock.acquire, *arguments)
        elif choice < 5:
            show("release", lock.release)
        else:
            show("state", lambda: (lock, lock.locked() if hasattr(lock, "locked") else lock._is_owned()))


def events():
    e = threading.Event()
    for _ in range(60):
        timeout = source.choice(TIMEOUTS) if e.is_set() else source.choice([t for t in TIMEOUTS if t is not None])
        source.choice([lambda: show("set", e.set), lambda: show("clear", e.clear), lambda: show("is_set", e.is_set),
                       lambda: show(f"wait {timeout}", e.wait, timeout), lambda: show("repr", lambda: e)])()


def conditions():
    c = threading.Condition(source.choice([None, threading.Lock(), threading.RLock()]))
    held = 0
    for _ in range(60):
        timeout = source.choice([t for t in TIMEOUTS if t is not None])
        source.choice([lambda: show("acquire", c.acquire, False), lambda: show("release", c.release),
                       lambda: show(f"wait {timeout}", c.wait, timeout) , lambda: show("notify", c.notify, source.choice([0, 1, 2, -1, 1.5])),
                       lambda: show("notify_all", c.notify_all), lambda: show("wait_for", c.wait_for, lambda: source.random() < 0.5, 0.001),
                       lambda: show("repr", lambda: c)])()


def barriers():
    b = threading.Barrier(1, source.choice([None, lambda: print("action"), lambda: 1 // source.randrange(3)]), source.choice([None, 0, 0.001, 5]))
    for _ in range(60):
        source.choice([lambda: show("wait", b.wait), lambda: show("wait timeout", b.wait, source.choice(TIMEOUTS)), lambda: show("abort", b.abort),
                       lambda: show("reset", b.reset), lambda: show("state", lambda: (b.parties, b.n_waiting, b.broken, b))])()


def futures():
    for _ in range(12):
        f = concurrent.futures.Future()
        f.add_done_callback(lambda x: print("callback", x.done()))
        for _ in range(8):
            timeout = source.choice([0, 0.001, -1])
            source.choice([lambda: show("result", f.result, timeout), lambda: show("exception", f.exception, timeout), lambda: show("cancel", f.cancel),
                           lambda: show("state", lambda: (f.done(), f.running(), f.cancelled(), f)), lambda: show("set_result", f.set_result, 3),
                           lambda: show("set_exception", f.set_exception, KeyError("e")), lambda: show("start", f.set_running_or_notify_cancel)])()
        try:
            f.exception(0)
        except BaseException as error:
            print(type(error).__name__)


for make in (queue.Queue, queue.LifoQueue, queue.PriorityQueue, queue.SimpleQueue):
    print(make.__name__)
    queues(make, lambda: source.randrange(100))
for kind in (threading.Semaphore, threading.BoundedSemaphore):
    semaphores(kind)
for make in (threading.Lock, threading.RLock):
    locks(make)
events()
conditions()
barriers()
futures()
