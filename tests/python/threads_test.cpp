// threading.Thread and _thread: starting, joining, names, daemons, exceptions, exits.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("threads start, run their targets with their arguments, and are joined") {
  run_as_plain(R"(
import threading
results = {}
def work(key, value=0, *more, **named): results[key] = (value, more, sorted(named.items()))
threads = [threading.Thread(target=work, args=(i, 10 * i, 'x'), kwargs={'a': i, 'b': 2}) for i in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(results.items()))
print([t.is_alive() for t in threads], threading.active_count(), threading.current_thread() is threading.main_thread())
)");
}

TEST_CASE("what one may not do with a thread") {
  run_as_plain(R"(
import threading
def attempt(f):
    try: print(f())
    except Exception as e: print(type(e).__name__, e)
t = threading.Thread(target=lambda: attempt(threading.current_thread().join))
attempt(t.join)
t.start()
t.join()
attempt(t.start)
attempt(lambda: threading.Thread(group=1))
attempt(threading.current_thread().join)
attempt(lambda: setattr(t, 'daemon', True))
class Forgot(threading.Thread):
    def __init__(self): pass
attempt(Forgot().start)
attempt(Forgot().is_alive)
)");
}

TEST_CASE("names and numbers of threads") {
  run_as_plain(R"(
import threading
def target(): pass
class Mine(threading.Thread): pass
made = [threading.Thread(), threading.Thread(target=target), Mine(), Mine(name='given'), threading.Thread(name=7)]
print([t.name for t in made], threading.main_thread().name, threading.current_thread().name)
made[0].name = 'changed'
print(made[0].getName(), repr(made[0]), repr(made[3]), made[0].ident)
seen = []
t = threading.Thread(target=lambda: seen.append(threading.current_thread()))
t.start(); t.join()
print(seen == [t], t.ident is not None, t.native_id is not None, t.daemon, t.isDaemon())
print(sorted(x.name for x in threading.enumerate()))
)");
}

TEST_CASE("names of threads that threads make do not depend on the schedule") {
  const Seen seen = run(R"(
import threading
names = []
def outer():
    t = threading.Thread(target=inner)
    t.start(); t.join()
def inner(): names.append(threading.current_thread().name)
threads = [threading.Thread(target=outer) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(sorted(names))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);
  CHECK(seen.distinct().size() == 1);
}

TEST_CASE("subclasses with their own run(), __init__ and start()") {
  run_as_plain(R"(
import threading
class Worker(threading.Thread):
    def __init__(self, n):
        super().__init__(name=f'worker {n}')
        self.n, self.result = n, None
    def start(self):
        print('starts', self.n)
        super().start()
    def run(self):
        self.result = self.n * self.n
workers = [Worker(i) for i in range(3)]
for w in workers: w.start()
for w in workers: w.join()
print([w.result for w in workers], [w.name for w in workers])
class Join(threading.Thread):
    def join(self, timeout=None):
        super().join(timeout)
        return 'joined'
j = Join(); j.start(); print(j.join())
)");
}

TEST_CASE("asking whether a thread is alive can be answered either way") {
  const Seen seen = run(R"(
import threading
t = threading.Thread(target=lambda: None)
print(t.is_alive())
t.start()
print(t.is_alive())
t.join()
print(t.is_alive())
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"False\nTrue\nFalse\n", "False\nFalse\nFalse\n"});
}

TEST_CASE("a join with a timeout can return early") {
  const std::string text = R"(
import threading
t = threading.Thread(target=lambda: None)
t.start()
t.join(1)
print(t.is_alive())
)";
  CHECK(run(text).distinct() == Outputs{"True\n", "False\n"});
  CHECK(run(text, {.timeouts = false}).distinct() == Outputs{"False\n"});
}

TEST_CASE("main may have ended when others look, and wait for it") {
  const std::string look = R"(
import threading
def work(): print(threading.main_thread().is_alive())
threading.Thread(target=work).start()
)";
  const Seen seen = run(look);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"True\n", "False\n"});
  CHECK(run(look + "[t.join() for t in threading.enumerate()[1:]]\n").distinct() == Outputs{"True\n"});

  const Seen joined = run(R"(
import threading
x = 0
def work(limit):
    global x
    threading.main_thread().join(limit)
    threading.main_thread().join(limit)
    x += 1
    print(threading.main_thread().is_alive(), x)
threading.Thread(target=work, args=(None,)).start()
x = 5
)");
  CHECK(joined.problems() == "");
  CHECK(joined.distinct() == Outputs{"False 6\n"});
  CHECK(joined.executions == 1);

  CHECK(run(R"(
import threading
t = threading.Thread(target=lambda: threading.main_thread().join())
t.start()
t.join()
)")
            .deadlocks == 1);
}

TEST_CASE("in exit functions main has ended, in its own view and in that of others") {
  run_as_plain(R"(
import atexit, threading
@atexit.register
def last(): print(threading.main_thread().is_alive())
print(threading.main_thread().is_alive())
)");
}

TEST_CASE("Python waits at its end for threads that are not daemons") {
  const Seen seen = run(R"(
import threading, atexit
atexit.register(print, 'atexit')
def work():
    print('first')
    threading.Thread(target=print, args=('second',)).start()
threading.Thread(target=work).start()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"first\nsecond\natexit\n"});
}

TEST_CASE("daemons are killed at the end, wherever they are") {
  const std::string text = R"(
import threading
lines = []
def work():
    print('a')
    try:
        with lock:
            print('b')
    finally:
        print('finally')
lock = threading.Lock()
t = threading.Thread(target=work, daemon=True)
t.start()
with lock: pass
)";
  const Seen seen = run(text);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"a\n", "a\nb\n", "a\nb\nfinally\n"});
  run_as_plain(R"(
import threading
def child(): print(threading.current_thread().daemon)
def parent():
    t = threading.Thread(target=child); t.start(); t.join()
for d in True, False, None:
    t = threading.Thread(target=parent, daemon=d); t.start(); t.join()
)");
}

TEST_CASE("a daemon that waits for ever does not matter") {
  const Seen seen = run(R"(
import threading
threading.Thread(target=threading.Event().wait, daemon=True).start()
print('end')
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"end\n"});
}

TEST_CASE("an exception that leaves a thread is a failure, and the others go on") {
  const Seen seen = run(R"(
import threading
def work(): raise ValueError('no')
t = threading.Thread(target=work, name='worker')
t.start(); t.join()
print('main goes on')
)");
  CHECK(seen.fails("ValueError: no @3"));
  CHECK(seen.executions == 1);
  CHECK(seen.statuses == std::set<int>{0});
  REQUIRE(seen.distinct().size() == 1);
  const std::string text = *seen.distinct().begin();
  CHECK(text.starts_with("Exception in thread worker:\nTraceback (most recent call last):\n"));
  CHECK(text.ends_with("ValueError: no\nmain goes on\n"));
}

TEST_CASE("the traceback of a thread is that of CPython") {
  const std::string text = R"(
import threading, sys
def work(): [][1]
sys.stderr = sys.stdout
t = threading.Thread(target=work)
t.start(); t.join()
)";
  const Seen seen = run(text);
  std::string plain = plain_output(text), ours = *seen.distinct().begin();
  for (std::string* s : {&plain, &ours})
    for (const char* name : {"plain.py", "model.py"})
      if (auto at = s->find(name); at != std::string::npos) s->replace(at, 8, "NAME");
  CHECK(ours == plain);
}

TEST_CASE("threading.excepthook") {
  const Seen seen = run(R"(
import threading
def hook(args): print(args.exc_type.__name__, args.exc_value, args.thread.name, args.exc_traceback is not None)
threading.excepthook = hook
t = threading.Thread(target=lambda: 1 / 0, name='n')
t.start(); t.join()
)");
  CHECK(seen.distinct() == Outputs{"ZeroDivisionError division by zero n True\n"});
  CHECK(seen.fails("ZeroDivisionError"));
  CHECK(
      run("print(__import__('threading').excepthook is __import__('threading').__excepthook__)").distinct() ==
      Outputs{"True\n"});
}

TEST_CASE("_thread.start_new_thread") {
  const Seen seen = run(R"(
import _thread, threading
done = _thread.allocate_lock()
done.acquire()
def work(a, b=0):
    print(a, b, _thread.get_ident() == threading.get_ident() != main, threading.current_thread().name)
    done.release()
main = _thread.get_ident()
ident = _thread.start_new_thread(work, (1,), {'b': 2})
done.acquire()
print(type(ident).__name__)
for wrong in ((1, ()), (print, []), (print, (), 3)):
    try: _thread.start_new_thread(*wrong)
    except TypeError as e: print(e)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"1 2 True Dummy-1.1\nint\nfirst arg must be callable\n2nd arg must be a "
                                   "tuple\noptional 3rd arg must "
                                   "be a dictionary\n"});
  const Seen fails = run(R"(
import _thread
lock = _thread.allocate_lock()
lock.acquire()
def work():
    try: raise KeyError('x')
    finally: lock.release()
_thread.start_new_thread(work, ())
lock.acquire()
)");
  CHECK(fails.fails("KeyError"));
}

TEST_CASE("threading.local") {
  run_as_plain(R"(
import threading
class Local(threading.local):
    kind = 'class'
    def __init__(self, first): self.first = first
local, plain = Local(5), threading.local()
plain.x = 'main'
out = []
def work(i):
    before = hasattr(plain, 'x'), local.first, local.kind
    plain.x = i
    local.first = i
    out.append((before, plain.x, local.first))
for i in range(2):
    t = threading.Thread(target=work, args=(i,)); t.start(); t.join()
print(out, plain.x, local.first)
)");
}

TEST_CASE("thread-local values are private: they make no executions") {
  const Seen seen = run(R"(
import threading
local = threading.local()
def work():
    local.x = 0
    for _ in range(3): local.x += 1
    assert local.x == 3
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
}

TEST_CASE("sys.exit in a thread ends the thread, in main the program") {
  const Seen thread = run(R"(
import threading, sys
t = threading.Thread(target=lambda: sys.exit(3)); t.start(); t.join()
print('on')
)");
  CHECK(thread.problems() == "");
  CHECK(thread.distinct() == Outputs{"on\n"});
  CHECK(thread.statuses == std::set<int>{0});
  const Seen main = run(R"(
import threading, sys
threading.Thread(target=print, args=('thread',)).start()
sys.exit(4)
)");
  CHECK(main.statuses == std::set<int>{4});
  CHECK(main.distinct() == Outputs{"thread\n"});
  CHECK(run("import sys\nsys.exit('text')").distinct() == Outputs{"text\n"});
  CHECK(run("import sys\nsys.exit('text')").statuses == std::set<int>{1});
  CHECK(run("import sys\nsys.exit()").problems() == "");
  CHECK(run("1 / 0").statuses == std::set<int>{1});
}

TEST_CASE("os._exit ends everything at once") {
  const Seen seen = run(R"(
import threading, os, atexit
atexit.register(print, 'atexit')
def work():
    try: os._exit(7)
    finally: print('finally')
t = threading.Thread(target=work); t.start(); t.join()
print('never')
)");
  CHECK(seen.statuses == std::set<int>{7});
  CHECK(seen.distinct() == Outputs{""});
}

TEST_CASE("a thread that main does not wait for races with os._exit") {
  const Seen seen = run(R"(
import threading, os
x = 0
def work():
    global x
    x = 1
    print('done')
threading.Thread(target=work).start()
x = 2
os._exit(0)
)");
  CHECK(seen.exhausted);
  CHECK(seen.distinct() == Outputs{"", "done\n"});
}

TEST_CASE("the list of threads changes as they come and go") {
  const Seen seen = run(R"(
import threading
t = threading.Thread(target=lambda: None)
t.start()
n = threading.active_count()
t.join()
print(n, threading.active_count(), len(threading.enumerate()))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"1 1 1\n", "2 1 1\n"});
}

TEST_CASE("context variables belong to their thread") {
  run_as_plain(R"(
import threading, contextvars
var = contextvars.ContextVar('var', default='none')
var.set('main')
seen = []
def work(): seen.append(var.get()); var.set('thread')
t = threading.Thread(target=work); t.start(); t.join()
t = threading.Thread(target=contextvars.copy_context().run, args=(work,)); t.start(); t.join()
print(seen, var.get())
)");
}

TEST_CASE("recursion, generators and exceptions belong to their thread") {
  run_as_plain(R"(
import threading, sys
shared = []
def deep(n):
    if n % 50 == 0: shared.append(n)
    return 0 if n == 0 else 1 + deep(n - 1)
def generate():
    for i in range(5):
        shared.append(i)
        yield i
def work(results, i):
    try: raise ValueError(i)
    except ValueError:
        total = deep(300) + sum(generate())
        results[i] = total, str(sys.exc_info()[1])
results = {}
t = threading.Thread(target=work, args=(results, 0)); t.start(); t.join()
work(results, 1)
print(results, len(shared))
def endless(): return endless()
try: endless()
except RecursionError as e: print(e)
)");
}
