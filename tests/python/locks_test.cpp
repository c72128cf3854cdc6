// Lock and RLock.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("methods of both locks") {
  run_as_plain(R"(
import threading
lock = threading.Lock()
print(lock.acquire(), lock.locked(), lock.acquire(False), lock.acquire(blocking=False), lock.acquire(timeout=0))
lock.release()
print(lock.locked(), lock.acquire(True, -1))
lock.release()
with lock as got: print(got, lock.locked())
rlock = threading.RLock()
print(rlock.acquire(), rlock.acquire(), rlock.acquire(blocking=False))
for _ in range(3): rlock.release()
with rlock as got, rlock: print(got)
def attempt(f, *a, **k):
    try: print(f(*a, **k))
    except Exception as e: print(type(e).__name__, e)
attempt(lock.release)
attempt(rlock.release)
attempt(lock.acquire, False, 1)
attempt(lock.acquire, True, -2)
attempt(rlock.acquire, timeout=-0.5)
attempt(lock.acquire, timeout=1e20)
attempt(lock.acquire, 'x', 'y')
print(type(lock).__name__, type(rlock).__name__, threading.Lock is type(lock) or callable(threading.Lock))
)");
}

TEST_CASE("a lock may be released by another thread, an RLock not") {
  run_as_plain(R"(
import threading
lock, rlock = threading.Lock(), threading.RLock()
lock.acquire(); rlock.acquire()
def work():
    lock.release()
    try: rlock.release()
    except RuntimeError as e: print(e)
t = threading.Thread(target=work); t.start(); t.join()
print(lock.locked())
)");
}

TEST_CASE("critical sections exclude one another") {
  for (const char* kind : {"Lock", "RLock"}) {
    const Seen seen = run(std::string("import threading\nlock = threading.") + kind + R"(()
inside = 0
order = []
def work(i):
    global inside
    with lock:
        inside += 1
        assert inside == 1
        order.append(i)
        inside -= 1
threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(order)
)");
    CHECK(seen.problems() == "");
    CHECK(seen.executions == 6);
    CHECK(seen.distinct().size() == 6);
  }
}

TEST_CASE("trying does not wait, and sees both answers") {
  const Seen seen = run(R"(
import threading
lock = threading.Lock()
def work():
    with lock: pass
t = threading.Thread(target=work)
t.start()
got = lock.acquire(blocking=False)
if got: lock.release()
t.join()
print(got)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"True\n", "False\n"});
}

TEST_CASE("looking at a lock sees both answers") {
  const Seen seen = run(R"(
import threading
lock = threading.Lock()
def work():
    with lock: pass
t = threading.Thread(target=work)
t.start()
print(lock.locked())
t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 3);
  CHECK(seen.distinct() == Outputs{"True\n", "False\n"});
}

TEST_CASE("a timeout may expire whenever the lock is held, or never") {
  for (const char* kind : {"Lock", "RLock"}) {
    const std::string text = std::string("import threading\nlock = threading.") + kind + R"(()
def work():
    with lock: pass
t = threading.Thread(target=work)
t.start()
got = lock.acquire(timeout=10)
print(got)
if got: lock.release()
t.join()
)";
    CHECK(run(text).distinct() == Outputs{"True\n", "False\n"});
    CHECK(run(text).problems() == "");
    CHECK(run(text, {.timeouts = false}).distinct() == Outputs{"True\n"});
  }
  const std::string forever = R"(
import threading
lock = threading.Lock()
lock.acquire()
print(lock.acquire(timeout=1))
)";
  CHECK(run(forever).distinct() == Outputs{"False\n"});
  CHECK(run(forever, {.timeouts = false}).deadlocks == 1);
}

TEST_CASE("deadlocks: of one thread, of two, of those that wait for a thread") {
  CHECK(run("import threading\nl = threading.Lock()\nl.acquire()\nl.acquire()").deadlocks == 1);
  const Seen two = run(R"(
import threading
a, b = threading.Lock(), threading.Lock()
def work(x, y):
    with x:
        with y: pass
threads = [threading.Thread(target=work, args=p) for p in ((a, b), (b, a))]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(two.exhausted);
  CHECK(two.executions == 3);
  CHECK(two.deadlocks == 1);
  const Seen join = run(R"(
import threading
threads = []
def work(): threads[0].join()
def wait(): lock.acquire()
lock = threading.Lock()
lock.acquire()
threads += [threading.Thread(target=wait), threading.Thread(target=work)]
for t in threads: t.start()
)");
  CHECK(join.exhausted);
  CHECK(join.deadlocks == join.executions);
}

TEST_CASE("a lock that was not released in an earlier execution is free in the next") {
  const Seen seen = run(R"(
import threading
class Account:
    lock = threading.Lock()
    log = []
def work():
    Account.lock.acquire()
    Account.log.append(1)
    if len(Account.log) > 1: Account.lock.release()
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.exhausted);
  CHECK(seen.executions == 2);
  CHECK(seen.deadlocks == 2);
}

TEST_CASE("an exception inside with releases the lock") {
  const Seen seen = run(R"(
import threading
lock = threading.Lock()
def work():
    try:
        with lock: raise ValueError
    except ValueError: print('caught', lock.locked())
t = threading.Thread(target=work); t.start(); t.join()
with lock: print('free')
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"caught False\nfree\n"});
}

TEST_CASE("locks that only one thread uses make no executions") {
  const Seen seen = run(R"(
import threading
def work():
    lock = threading.RLock()
    for _ in range(5):
        with lock, lock: pass
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
}

TEST_CASE("locks in subclasses, wrappers and containers of the program") {
  const Seen seen = run(R"(
import threading, contextlib
class Guard:
    def __init__(self): self.locks = {'x': threading.Lock()}
    def __enter__(self): self.locks['x'].acquire()
    def __exit__(self, *a): self.locks['x'].release()
guard = Guard()
@contextlib.contextmanager
def guarded():
    with guard: yield
n = 0
def work():
    global n
    with guarded():
        n += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(n)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);
  CHECK(seen.distinct() == Outputs{"2\n"});
}
