// Memory stays flat, whatever the executions do. (tests/benchmarks/bench_python measures 100,000 of them.)
#include <algorithm>
#include <climits>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// Growth of the resident memory, in KB, over `runs` executions after a start. What leaks grows each time; where the
// allocator has only settled later, the second time does not.
long growth(const std::string& text, long runs, bool deadlocks) {
  auto model = load_text(text);
  search(*model, {.search = Search::Random, .runs = runs / 4});
  long least = LONG_MAX;
  for (int i = 0; i < 2; ++i) {
    const long before = resident();
    const Seen seen = search(*model, {.search = Search::Random, .runs = runs});
    CHECK(seen.executions == runs);
    CHECK((seen.deadlocks > 0) == deadlocks);
    least = std::min(least, resident() - before);
  }
  return least;
}

}  // namespace

TEST_CASE("a counter") {
  CHECK(growth(R"(
import threading
x = 0
def work():
    global x
    x += 1
threads = [threading.Thread(target=work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
)",
               20000, false) < 1000);
}

TEST_CASE("locks taken in two orders") {
  CHECK(growth(R"(
import threading
a, b = threading.Lock(), threading.Lock()
def work(x, y):
    with x:
        with y: pass
threads = [threading.Thread(target=work, args=p) for p in ((a, b), (b, a))]
for t in threads: t.start()
for t in threads: t.join()
)",
               20000, true) < 1000);
}

TEST_CASE("classes, and other reference cycles") {
  CHECK(growth(R"(
import threading, concurrent.futures
class Node:
    def __init__(self): self.me = self; self.x = 0
    def work(self): self.x += 1
nodes = [Node() for _ in range(3)]
threads = [threading.Thread(target=nodes[0].work) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
def fail(): raise ValueError
try: fail()
except ValueError as e: kept = e
)",
               6000, false) < 1000);
}

TEST_CASE("pools, queues, conditions, exceptions and output") {
  CHECK(growth(R"(
import threading, queue, logging
from concurrent.futures import ThreadPoolExecutor
logging.basicConfig(level=logging.INFO)
q = queue.Queue(1)
def work(n):
    logging.info('task %d', n)
    q.put(n)
    if n: raise ValueError(n)
with ThreadPoolExecutor(2) as pool:
    futures = [pool.submit(work, n) for n in range(2)]
    print(q.get(), q.get())
    for f in futures: f.exception()
local = threading.local()
local.value = [object()]
)",
               2000, false) < 1500);
}
