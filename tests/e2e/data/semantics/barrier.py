import threading
from show import plain, show

b = threading.Barrier(1)
show("repr", lambda: b)
show("state", lambda: (b.parties, b.n_waiting, b.broken))
show("wait", b.wait)
show("wait 0", b.wait, 0)
show("wait keyword", b.wait, timeout=3)
show("wait string", b.wait, "x")
show("wait two", lambda: b.wait(1, 2))
show("abort", b.abort)
show("repr", lambda: b)
show("broken", lambda: b.broken)
show("wait broken", b.wait)
show("reset", b.reset)
show("repr", lambda: b)
show("wait again", b.wait)
show("set parties", lambda: setattr(b, "parties", 3))
show("set broken", lambda: setattr(b, "broken", 3))
two = threading.Barrier(2)
show("timeout", two.wait, 0.001)
show("broken", lambda: (two.broken, two.n_waiting, two))
show("timeout again", two.wait, 0.001)
two.reset()
show("timeout 0", two.wait, 0)
show("timeout -1", lambda: (two.reset(), two.wait(-1)))
default = threading.Barrier(2, timeout=0.001)
show("default timeout", default.wait)
show("0 parties", lambda: threading.Barrier(0))
show("-1 parties", lambda: threading.Barrier(-1))
show("string", lambda: threading.Barrier("2"))
show("none", lambda: threading.Barrier(None))
show("nothing", lambda: threading.Barrier())
show("float", lambda: threading.Barrier(1.0).wait())
acted = threading.Barrier(1, action=lambda: print("action"))
show("action", acted.wait)
show("action again", acted.wait)
wrong = threading.Barrier(1, lambda: 1 / 0)
show("action fails", wrong.wait)
show("broken", lambda: wrong.broken)
show("after", wrong.wait)
show("error", lambda: threading.BrokenBarrierError.__mro__)
show("attributes", lambda: sorted(vars(b)))

def run(count, body):
    results = [None] * count
    def work(i):
        try:
            results[i] = body(i)
        except BaseException as error:
            results[i] = type(error).__name__
    threads = [threading.Thread(target=work, args=(i,)) for i in range(count)]
    for t in threads: t.start()
    for t in threads: t.join()
    return results
b = threading.Barrier(3)
print("indices", sorted(run(3, lambda i: b.wait())), plain(b))
rounds = []
print("rounds", sorted(run(3, lambda i: tuple(b.wait() is not None for _ in range(3)))))
acted = threading.Barrier(3, lambda: rounds.append(acted.n_waiting))
print("action in", sorted(run(3, lambda i: acted.wait())), rounds)
failing = threading.Barrier(2, lambda: 1 / 0)
print("failing action", sorted(run(2, lambda i: failing.wait())), plain(failing))
aborted = threading.Barrier(3)
def abort_last(i):
    if i < 2:
        return aborted.wait()
    while aborted.n_waiting < 2: pass
    aborted.abort()
    return "abort"
print("abort", run(3, abort_last), plain(aborted))
renewed = threading.Barrier(3)
def reset_last(i):
    if i < 2:
        return renewed.wait()
    while renewed.n_waiting < 2: pass
    renewed.reset()
    return "reset"
print("reset", run(3, reset_last), plain(renewed))
timed = threading.Barrier(3)
print("times out", run(2, lambda i: timed.wait(0.01)), plain(timed))
