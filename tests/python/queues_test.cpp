// queue.Queue and its kin.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("methods of the queues") {
  run_as_plain(R"(
import queue
for cls in (queue.Queue, queue.LifoQueue, queue.PriorityQueue):
    q = cls(maxsize=2)
    q.put(2); q.put(1, timeout=1)
    print(q.qsize(), q.full(), q.empty(), q.maxsize)
    try: q.put_nowait(3)
    except queue.Full as e: print('full', repr(e))
    try: q.put(3, timeout=0.01)
    except queue.Full: print('full')
    print(q.get(), q.get(block=True, timeout=1))
    for f in (q.get_nowait, lambda: q.get(timeout=0.01), lambda: q.get(False)):
        try: f()
        except queue.Empty as e: print('empty', repr(e))
    q.task_done(); q.task_done(); q.join()
    try: q.task_done()
    except ValueError as e: print(e)
    try: q.get(timeout=-1)
    except ValueError as e: print(e)
s = queue.SimpleQueue()
s.put('x'); s.put('y', block=False, timeout=3)
print(s.qsize(), s.empty(), s.get(), s.get_nowait(), s.empty())
try: s.get(timeout=0.01)
except queue.Empty: print('empty')
)");
}

TEST_CASE("who gets an item waits for it, who puts one waits for room") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue(1)
def produce():
    for i in range(3): q.put(i)
t = threading.Thread(target=produce)
t.start()
print([q.get() for _ in range(3)])
t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"[0, 1, 2]\n"});
  CHECK(seen.executions == 1);
}

TEST_CASE("two producers put in either order") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue()
threads = [threading.Thread(target=q.put, args=(i,)) for i in range(2)]
for t in threads: t.start()
print(q.get(), q.get())
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"0 1\n", "1 0\n"});
}

TEST_CASE("empty queues and full ones that nobody changes are deadlocks") {
  CHECK(run("import queue\nqueue.Queue().get()").deadlocks == 1);
  CHECK(run("import queue\nqueue.SimpleQueue().get()").deadlocks == 1);
  CHECK(run("import queue\nq = queue.Queue(1)\nq.put(1)\nq.put(2)").deadlocks == 1);
  CHECK(run("import queue\nq = queue.Queue()\nq.put(1)\nq.join()").deadlocks == 1);
}

TEST_CASE("looking at a queue before taking from it is a race") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue()
q.put('only')
def work():
    if not q.empty(): q.get()
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.exhausted);
  CHECK(seen.deadlocks > 0);
  CHECK(seen.complete > 0);
}

TEST_CASE("getting with a timeout, or not at all") {
  const std::string text = R"(
import threading, queue
q = queue.QUEUE()
t = threading.Thread(target=q.put, args=(1,))
t.start()
try: print(q.get(HOW))
except queue.Empty: print('empty')
t.join()
)";
  for (const char* kind : {"Queue", "SimpleQueue"})
    for (const char* how : {"timeout=1", "block=False"}) {
      std::string program = text;
      program.replace(program.find("QUEUE"), 5, kind);
      program.replace(program.find("HOW"), 3, how);
      CAPTURE(program);
      const Seen seen = run(program);
      CHECK(seen.problems() == "");
      CHECK(seen.executions == 2);
      CHECK(seen.distinct() == Outputs{"1\n", "empty\n"});
    }
}

TEST_CASE("join waits until all items have been dealt with") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue()
done = []
def work():
    while True:
        item = q.get()
        done.append(item)
        q.task_done()
threading.Thread(target=work, daemon=True).start()
for i in range(2): q.put(i)
q.join()
print(done)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"[0, 1]\n"});
}

TEST_CASE("several workers with sentinels") {
  const Seen seen = run(R"(
import threading, queue
q, results = queue.Queue(), queue.Queue()
def work():
    while (item := q.get()) is not None: results.put(item * item)
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for i in range(2): q.put(i)
for t in threads: q.put(None)
for t in threads: t.join()
print(sorted(results.get() for _ in range(2)), results.empty())
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"[0, 1] True\n"});
}

TEST_CASE("a subclass that changes how items are kept is run step by step") {
  const Seen seen = run(R"(
import threading, queue
class Unique(queue.Queue):
    def _init(self, maxsize): self.queue = set()
    def _put(self, item): self.queue.add(item)
    def _get(self): return self.queue.pop()
q = Unique()
threads = [threading.Thread(target=q.put, args=(7,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(q.qsize(), q.get())
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"1 7\n"});
}

TEST_CASE("a program that takes a queue's lock") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue()
def work():
    with q.mutex:
        n = len(q.queue)
        q.queue.append(n)
        q.not_empty.notify()
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
print(q.get(), q.get())
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"0 0\n", "0 1\n"});
}

TEST_CASE("what goes through a queue is shared") {
  const Seen seen = run(R"(
import threading, queue
q = queue.Queue()
def work():
    box = q.get()
    box['n'] += 1
t = threading.Thread(target=work)
t.start()
box = {'n': 0}
q.put(box)
box['n'] += 1
t.join()
print(box['n'])
)");
  CHECK(seen.exhausted);
  CHECK(seen.executions == 4);
  CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
}
