// Conditions, events, semaphores, barriers and timers.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("a condition wakes who waits for it") {
  const Seen seen = run(R"(
import threading
condition = threading.Condition()
items = []
def consume():
    with condition:
        while not items: condition.wait()
        print(items.pop())
t = threading.Thread(target=consume)
t.start()
with condition:
    items.append('item')
    condition.notify()
t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);
  CHECK(seen.distinct() == Outputs{"item\n"});
}

TEST_CASE("a notification before the wait is lost") {
  const Seen seen = run(R"(
import threading
condition = threading.Condition()
def consume():
    with condition: condition.wait()
t = threading.Thread(target=consume)
t.start()
with condition: condition.notify()
t.join()
)");
  CHECK(seen.exhausted);
  CHECK(seen.executions == 2);
  CHECK(seen.deadlocks == 1);
}

TEST_CASE("notify wakes as many as asked, in the order in which they wait; notify_all all") {
  const std::string text = R"(
import threading
condition = threading.Condition(threading.Lock())
waiting, woken = [], []
def wait(i):
    with condition:
        waiting.append(i)
        condition.wait()
        woken.append(i)
threads = [threading.Thread(target=wait, args=(i,), daemon=True) for i in range(3)]
for t in threads: t.start()
ready = False
while not ready:
    with condition: ready = len(waiting) == 3
with condition: condition.NOTIFY
woke = 0
for t in TO_JOIN: t.join()
print(sorted(woken) == sorted(x for x in waiting if threads[x] in TO_JOIN), len(woken))
)";
  auto with = [&](std::string notify, const std::string& join) {
    std::string result = text;
    result.replace(result.find("NOTIFY"), 6, notify);
    while (result.find("TO_JOIN") != std::string::npos) result.replace(result.find("TO_JOIN"), 7, join);
    return run(result, {.search = Search::Random, .runs = 200}).distinct();
  };
  CHECK(with("notify_all()", "threads") == Outputs{"True 3\n"});
  CHECK(with("notify(n=2)", "[threads[i] for i in waiting[:2]]") == Outputs{"True 2\n"});
  CHECK(with("notify(7)", "threads") == Outputs{"True 3\n"});
  CHECK(with("notify()", "[threads[waiting[0]]]") == Outputs{"True 1\n"});
}

TEST_CASE("waiting with a timeout") {
  const std::string text = R"(
import threading
condition = threading.Condition()
flag = False
def work():
    global flag
    with condition:
        flag = True
        condition.notify_all()
t = threading.Thread(target=work)
t.start()
with condition:
    print(condition.wait_for(lambda: flag, timeout=5), flag)
t.join()
)";
  const Seen seen = run(text);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"True True\n", "False False\n"});
  CHECK(run(text, {.timeouts = false}).distinct() == Outputs{"True True\n"});
  run_as_plain(R"(
import threading
c = threading.Condition()
with c: print(c.wait(0), c.wait(-1), c.wait(timeout=0.001), c.wait_for(lambda: 'x'), c.wait_for(lambda: 0, 0.01))
for f in (c.wait, c.notify, c.notify_all, c.release):
    try: f()
    except RuntimeError as e: print(e)
)");
}

TEST_CASE("a condition on an RLock that is held more than once gives all of it up") {
  const Seen seen = run(R"(
import threading
condition = threading.Condition()
done = False
def work():
    global done
    with condition:
        done = True
        condition.notify()
t = threading.Thread(target=work)
with condition, condition:
    t.start()
    while not done: condition.wait()
    print('woken')
t.join()
condition.acquire(); condition.release()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
  CHECK(seen.distinct() == Outputs{"woken\n"});
}

TEST_CASE("two conditions share a lock") {
  const Seen seen = run(R"(
import threading
lock = threading.Lock()
not_empty, not_full = threading.Condition(lock), threading.Condition(lock)
box = []
def produce():
    for i in range(2):
        with lock:
            while box: not_full.wait()
            box.append(i)
            not_empty.notify()
def consume():
    for i in range(2):
        with lock:
            while not box: not_empty.wait()
            print(box.pop())
            not_full.notify()
threads = [threading.Thread(target=f) for f in (produce, consume)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"0\n1\n"});
}

TEST_CASE("events") {
  run_as_plain(R"(
import threading
e = threading.Event()
print(e.is_set(), e.wait(0), e.wait(timeout=0.001))
e.set(); e.set()
print(e.is_set(), e.wait(), e.wait(1), e.isSet())
e.clear()
print(e.is_set())
t = threading.Thread(target=e.set); t.start()
print(e.wait())
t.join()
)");
  const std::string text = R"(
import threading
e = threading.Event()
t = threading.Thread(target=e.set); t.start()
print(e.is_set(), e.wait(1))
t.join()
)";
  CHECK(run(text).distinct() == Outputs{"False False\n", "False True\n", "True True\n"});
  CHECK(run(text, {.timeouts = false}).distinct() == Outputs{"False True\n", "True True\n"});
  CHECK(run("import threading\nthreading.Event().wait()").deadlocks == 1);
}

TEST_CASE("an event that is set and cleared wakes who waits by then") {
  const Seen seen = run(R"(
import threading
e = threading.Event()
def work():
    e.set()
    e.clear()
t = threading.Thread(target=work); t.start()
print(e.wait())
t.join()
)");
  CHECK(seen.exhausted);
  CHECK(seen.executions == 2);
  CHECK(seen.deadlocks == 1);  // it came too late
  CHECK(seen.distinct() == Outputs{"", "True\n"});
}

TEST_CASE("semaphores") {
  run_as_plain(R"(
import threading
s = threading.Semaphore(2)
print(s.acquire(), s.acquire(blocking=False), s.acquire(False), s.acquire(timeout=0.01), s._value)
s.release(2)
with s: print(s._value)
b = threading.BoundedSemaphore(1)
try: b.release()
except ValueError as e: print(e)
for wrong in (lambda: threading.Semaphore(-1), lambda: s.release(0), lambda: s.acquire(False, 1)):
    try: wrong()
    except ValueError as e: print(e)
)");
  const Seen seen = run(R"(
import threading
s = threading.Semaphore(2)
lock = threading.Lock()
inside = most = 0
def work():
    global inside, most
    with s:
        with lock:
            inside += 1
            most = max(most, inside)
        with lock: inside -= 1
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
print(most)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
  const Seen blocked = run("import threading\ns = threading.Semaphore(0)\ns.acquire()");
  CHECK(blocked.deadlocks == 1);
}

TEST_CASE("barriers") {
  const Seen seen = run(R"(
import threading
def action(): order.append('action')
barrier = threading.Barrier(2, action)
order = []
def work(i):
    order.append('before')
    index = barrier.wait()
    order.append('after')
    indices.append(index)
indices = []
threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(order, sorted(indices), barrier.parties, barrier.n_waiting, barrier.broken)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"['before', 'before', 'action', 'after', 'after'] [0, 1] 2 0 False\n"});
  CHECK(run("import threading\nthreading.Barrier(2).wait()").deadlocks == 1);
  const Seen broken = run(R"(
import threading
barrier = threading.Barrier(2)
def work():
    try: barrier.wait()
    except threading.BrokenBarrierError: print('broken')
t = threading.Thread(target=work)
t.start()
barrier.abort()
t.join()
)");
  CHECK(broken.problems() == "");
  CHECK(broken.distinct() == Outputs{"broken\n"});
  const Seen late = run(R"(
import threading
barrier = threading.Barrier(2)
def work():
    try: print(barrier.wait(timeout=1) in (0, 1))
    except threading.BrokenBarrierError: print('broken')
t = threading.Thread(target=work)
t.start()
work()
t.join()
)");
  CHECK(late.problems() == "");
  CHECK(late.distinct() == Outputs{"True\nTrue\n", "broken\nbroken\n"});
}

TEST_CASE("a barrier is used again") {
  const Seen seen = run(R"(
import threading
barrier = threading.Barrier(2)
rounds = [0, 0]
def work(i):
    for n in range(2):
        rounds[i] += 1
        barrier.wait()
        assert rounds[1 - i] >= n + 1
threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
}

TEST_CASE("timers: run, are cancelled, are cancelled too late") {
  run_as_plain(R"(
import threading
t = threading.Timer(0.01, print, args=('rang',), kwargs={'end': '!\n'})
t.start(); t.join()
t = threading.Timer(1, print, ('never',))
t.cancel(); t.start(); t.join()
print(t.finished.is_set(), t.interval)
)");
  const std::string text = R"(
import threading
t = threading.Timer(60, print, ('rang',))
t.start()
t.cancel()
t.join()
)";
  const Seen seen = run(text);
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"", "rang\n"});
  CHECK(run(text, {.timeouts = false}).distinct() == Outputs{""});
}

TEST_CASE("a program that reaches into a primitive sees its insides step by step") {
  const Seen seen = run(R"(
import threading
event = threading.Event()
def work():
    with event._cond:
        event._flag = True
        event._cond.notify_all()
t = threading.Thread(target=work)
t.start()
event.wait()
print(event._flag)
t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"True\n"});
}
