// concurrent.futures.ThreadPoolExecutor.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("submit, map, result, exception, callbacks") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(max_workers=1) as pool:
    f = pool.submit(pow, 2, 5)
    print(f.result(), f.done(), f.exception())
    print(list(pool.map(lambda x, y: x + y, [1, 2], [10, 20])))
    bad = pool.submit(int, 'x')
    print(type(bad.exception()).__name__)
    try: bad.result()
    except ValueError as e: print(e)
    f = pool.submit(pow, 1, 1)
    f.result()
    f.add_done_callback(lambda f: print('callback', f.result()))
try: pool.submit(print)
except RuntimeError as e: print(e)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() ==
        Outputs{"32 True None\n[11, 22]\nValueError\ninvalid literal for int() with base 10: 'x'\ncallback "
                "1\ncannot schedule new futures after shutdown\n"});
}

TEST_CASE("map keeps the order, whatever order the tasks are done in") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(lambda x: x * x, range(2))))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"[0, 1]\n"});
}

TEST_CASE("tasks of a pool race with one another") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
x = 0
def work(_):
    global x
    x += 1
with ThreadPoolExecutor(max_workers=2) as pool:
    pool.map(work, range(2))
print(x)
)");
  CHECK(seen.exhausted);
  CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
}

TEST_CASE("a pool with one worker has one order") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
order = []
with ThreadPoolExecutor(1) as pool:
    for i in range(3): pool.submit(order.append, i)
print(order)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"[0, 1, 2]\n"});
}

TEST_CASE("waiting for futures") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor, wait, as_completed, FIRST_COMPLETED
with ThreadPoolExecutor(1) as pool:
    fs = [pool.submit(abs, -i) for i in range(2)]
    done, pending = wait(fs)
    print(len(done), len(pending), sorted(f.result() for f in as_completed(fs)))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"2 0 [0, 1]\n"});
}

TEST_CASE("a future with a timeout") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor, TimeoutError
with ThreadPoolExecutor(1) as pool:
    f = pool.submit(abs, -3)
    try: print(f.result(timeout=1))
    except TimeoutError: print('late')
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"3\n", "late\n"});
}

TEST_CASE("cancelling sees both ends of the race") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(1) as pool:
    f = pool.submit(abs, -3)
    print(f.cancel() is f.cancelled())
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"True\n"});
}

TEST_CASE("initializers, names, shutdown without waiting, cancelled futures") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
import threading
ready = threading.local()
def prepare(value): ready.value = value
def work(): return ready.value, threading.current_thread().name
with ThreadPoolExecutor(1, 'pool', prepare, (5,)) as pool: print(pool.submit(work).result())
with ThreadPoolExecutor(1) as pool: print(pool.submit(lambda: threading.current_thread().name).result())
pool = ThreadPoolExecutor(1)
f = pool.submit(abs, -1)
pool.shutdown(wait=False)
print(f.result())
pool = ThreadPoolExecutor(1)
pool.shutdown(cancel_futures=True)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"(5, 'pool_0')\nThreadPoolExecutor-0_0\n1\n"});
}

TEST_CASE("a pool that is never shut down ends with the program") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(2)
pool.submit(print, 'task')
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"task\n"});
}

TEST_CASE("a task that waits for a task of the same pool may wait for ever") {
  const Seen seen = run(R"(
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
def outer(): return pool.submit(abs, -1).result()
print(pool.submit(outer).result())
)");
  CHECK(seen.exhausted);
  CHECK(seen.deadlocks == seen.executions);
}

TEST_CASE("the order in which idle workers report makes no executions") {
  const Seen seen = run(R"(
import threading
idle = threading.Semaphore(0)
threads = [threading.Thread(target=idle.release) for _ in range(4)]
for t in threads: t.start()
print(idle.acquire(timeout=0))
for t in threads: t.join()
print(idle._value)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 16);  // each before or after
  CHECK(seen.distinct() == Outputs{"True\n3\n", "False\n4\n"});
}

TEST_CASE("what is left out of pools cannot be seen") {
  const std::string text = R"(
import threading
from concurrent.futures import ThreadPoolExecutor
x = 0
def work(i):
    global x
    x += 1
    print(i, threading.current_thread().name, threading.active_count())
pool = ThreadPoolExecutor(max_workers=2)
for i in range(2): pool.submit(work, i)
pool.shutdown()
print(x)
)";
  // Afterwards somebody waits for the semaphore: its releases are writes from the start.
  const Seen reduced = run(text);
  const Seen full = run(text + "pool._idle_semaphore.release()\npool._idle_semaphore.acquire()\n");
  CHECK(reduced.exhausted);
  CHECK(full.exhausted);
  CHECK(reduced.executions < full.executions);
  CHECK(reduced.by_thread == full.by_thread);
  CHECK(reduced.by_thread.size() > 4);
}

TEST_CASE("a pool's size does not depend on the machine") {
  CHECK(run("import os\nfrom concurrent.futures import ThreadPoolExecutor\n"
            "print(os.cpu_count(), len(os.sched_getaffinity(0)), ThreadPoolExecutor()._max_workers)")
            .distinct() == Outputs{"4 4 8\n"});
}

TEST_CASE("futures by hand") {
  const Seen seen = run(R"(
from concurrent.futures import Future
import threading
f = Future()
t = threading.Thread(target=f.set_result, args=(9,))
t.start()
print(f.result(), f.done(), f.running())
t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"9 True False\n"});
}

TEST_CASE("an exception that nobody asks for is swallowed, and a failure") {
  auto failures = [](const std::string& body) {
    const Seen seen =
        run("from concurrent.futures import ThreadPoolExecutor, TimeoutError, wait\n"
            "def bad(*_): raise KeyError('k')\n"
            "with ThreadPoolExecutor(1) as pool:\n" +
            body);
    CHECK(seen.exhausted);
    const bool every = seen.failures.size() == 1 && seen.failures.begin()->second == seen.executions;
    return seen.failures.empty() ? "none" : every ? "every" : "some";
  };
  CHECK(failures("    pool.submit(bad)\n") == std::string("every"));
  CHECK(failures("    f = pool.submit(bad)\n    wait([f])\n    f.done()\n") == std::string("every"));
  CHECK(failures("    pool.map(bad, [1])\n") == std::string("every"));
  CHECK(failures("    f = pool.submit(bad)\n    f.exception()\n") == std::string("none"));
  CHECK(failures("    f = pool.submit(bad)\n    try: f.result()\n    except KeyError: pass\n") ==
        std::string("none"));
  CHECK(failures("    try: list(pool.map(bad, [1]))\n    except KeyError: pass\n") == std::string("none"));
  CHECK(failures("    pool.submit(bad).add_done_callback(lambda f: f.exception())\n") == std::string("none"));
  // Only where the task takes longer than the one who asks is willing to wait.
  CHECK(failures(
            "    f = pool.submit(bad)\n    try: f.result(1)\n    except (KeyError, TimeoutError): pass\n") ==
        std::string("some"));
}

TEST_CASE("what recording an exception takes does not change the identities of what comes after") {
  const std::string text = R"(
import concurrent.futures
class C:
    def __init__(self, n): self.n = n
def order():
    return [c.n for c in sorted({C(n) for n in range(8)}, key=id)]
with concurrent.futures.ThreadPoolExecutor(1) as pool:
    pool.submit(int, 'x').exception()
    print(pool.submit(order).result())
)";
  auto model = load_text(text);
  const Seen seen = search(*model);
  CHECK(seen.problems() == "");
  REQUIRE(seen.distinct().size() == 1);
  record(*model);
  CHECK(model->output() == *seen.distinct().begin());
}
