// Executions that end with threads still blocked: nothing of the program runs any more, and nothing is left behind.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// Eight threads blocked in as many ways, and whatever would run if their stacks were unwound.
const char* const kBlocked = R"(
import threading, queue, contextlib, sys
lock = threading.Lock()
lock.acquire()
class Noisy:
    def __init__(self): self.lock = lock
    def __enter__(self): return self
    def __exit__(self, *a): print('exit')
    def __lt__(self, other): lock.acquire(); return True
@contextlib.contextmanager
def manager():
    try: yield
    finally: print('manager')
def in_with():
    with Noisy(), manager(): lock.acquire()
def in_try():
    try: lock.acquire()
    except BaseException: print('except')
    else: print('else')
    finally: print('finally')
def in_loop():
    while True:
        try: lock.acquire()
        except: print('except')
def in_sort(): sorted([Noisy(), Noisy()])
def in_generator():
    def generate():
        try:
            yield 1
            lock.acquire()
            yield 2
        finally: print('generator')
    list(generate())
def in_except():
    try: 1 / 0
    except ZeroDivisionError:
        try: lock.acquire()
        finally: print('nested')
def deep(n=400):
    try: lock.acquire() if n == 0 else deep(n - 1)
    finally: print('deep')
def in_queue():
    try: queue.Queue().get()
    except queue.Empty: print('empty')
functions = [in_with, in_try, in_loop, in_sort, in_generator, in_except, deep, in_queue]
threads = [threading.Thread(target=f) for f in functions]
for t in threads: t.start()
try: threads[0].join()
finally: print('main')
)";

}  // namespace

TEST_CASE("no handler, finally, with or exit function runs") {
  const Seen seen = run(std::string("import atexit\natexit.register(print, 'atexit')\n") + kBlocked);
  CHECK(seen.exhausted);
  CHECK(seen.deadlocks == seen.executions);
  CHECK(seen.failures.empty());
  CHECK(seen.distinct() == Outputs{""});
}

TEST_CASE("destructors and weak references' callbacks do not print or fail") {
  const Seen seen = run(R"(
import threading, weakref
lock = threading.Lock()
lock.acquire()
class Thing:
    def __del__(self):
        print('del')
        lock.acquire()
        print('never')
def work():
    thing, other = Thing(), Thing()
    keep = weakref.ref(other, lambda r: print('callback'))
    lock.acquire()
t = threading.Thread(target=work); t.start()
x = Thing()
t.join()
)");
  CHECK(seen.exhausted);
  CHECK(seen.deadlocks == seen.executions);
  CHECK(seen.distinct() == Outputs{""});
  CHECK(seen.failures.empty());
}

TEST_CASE("suspended generators and their finally blocks") {
  const Seen seen = run(R"(
import threading
lock = threading.Lock()
lock.acquire()
def generate():
    try: yield 1
    finally: print('closed')
def work():
    g = generate()
    next(g)
    lock.acquire()
t = threading.Thread(target=work); t.start(); t.join()
)");
  CHECK(seen.deadlocks == 1);
  CHECK(seen.distinct() == Outputs{""});
}

TEST_CASE("killed daemons run nothing either") {
  const Seen seen = run(R"(
import threading
def work():
    try: threading.Event().wait()
    finally: print('finally')
threading.Thread(target=work, daemon=True).start()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{""});
}

TEST_CASE("an execution after a deadlock is as good as new") {
  const Seen seen = run(R"(
import threading
a, b = threading.Lock(), threading.Lock()
count = 0
def work(x, y):
    global count
    with x:
        with y: count += 1
threads = [threading.Thread(target=work, args=p) for p in ((a, b), (b, a), (a, b))]
for t in threads: t.start()
for t in threads: t.join()
assert count == 3 and not a.locked() and not b.locked()
print(count, [t.name for t in threads], threading.active_count())
)");
  CHECK(seen.exhausted);
  CHECK(seen.deadlocks > 0);
  CHECK(seen.complete > 0);
  CHECK(seen.failures.empty());
  CHECK(seen.distinct() == Outputs{"", "3 ['Thread-1 (work)', 'Thread-2 (work)', 'Thread-3 (work)'] 1\n"});
}

TEST_CASE("blocked threads leave no memory behind") {
  auto model = load_text(kBlocked);
  const How how{.search = Search::Random, .runs = 1000};
  search(*model, how);
  const long before = resident();
  const Seen seen = search(*model, how);
  CHECK(seen.deadlocks == 1000);
  CHECK(resident() - before < 2000);  // less than a Python object per blocked thread
}
