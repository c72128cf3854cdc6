// What locks, queues and the like are called in recordings: as a reader of the program would.
#include <algorithm>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// The names of the objects that `text` uses, in a recording of one execution.
std::set<std::string> names_in(const std::string& text) {
  auto model = load_text(text);
  std::set<std::string> names;
  for (const std::string& line : record(*model)) {
    const auto from = line.find('['), to = line.find("]", from);
    if (from == std::string::npos || line.find(" output ") != std::string::npos) continue;
    const auto end = line.find(" :", to) != std::string::npos ? line.rfind(']', line.find(" :", to)) : to;
    names.insert(line.substr(from + 1, end - from - 1));
  }
  return names;
}

const std::string kStart = "import threading, queue\nfrom threading import *\n";

std::string twice(const std::string& setup, const std::string& body) {
  return kStart + setup + "def work(*a):\n    " + body +
         "\nts = [threading.Thread(target=work) for _ in range(2)]\nfor t in ts: t.start()\nfor t in ts: "
         "t.join()\n";
}

}  // namespace

TEST_CASE("variables, attributes, items") {
  using Names = std::set<std::string>;
  CHECK(names_in(twice("lock = Lock()\n", "with lock: pass")) == Names{"lock lock"});
  CHECK(names_in(twice("one = two = RLock()\n", "with two: pass")) == Names{"lock one"});
  CHECK(names_in(twice("class Shop:\n  def __init__(self): self.lock = Lock()\nshop = Shop()\n",
                       "with shop.lock: pass")) == Names{"lock Shop.lock"});
  CHECK(names_in(twice("class Shop:\n  lock = Lock()\n", "with Shop.lock: pass")) == Names{"lock Shop.lock"});
  CHECK(names_in(twice("locks = [Lock(), Lock()]\n", "with locks[1]: pass")) == Names{"lock locks[1]"});
  CHECK(names_in(twice("locks = {'a': (Lock(),)}\n", "with locks['a'][0]: pass")) ==
        Names{"lock locks['a'][0]"});
  CHECK(names_in(twice("q = queue.Queue()\n", "q.put(1)")) == Names{"queue q"});
  CHECK(names_in(twice("c = Condition()\n", "\n    with c: c.notify()")) == Names{"lock c", "condition c"});
  CHECK(names_in(twice("s = Semaphore(2)\ne = Event()\n", "\n    with s: e.set()")) ==
        Names{"semaphore s", "event e"});
}

TEST_CASE("locks that only functions know") {
  CHECK(names_in(kStart + R"(
def make():
    inner = Lock()
    def use():
        with inner: pass
    return use
def work(use, mine):
    use()
    with mine: pass
use, lock = make(), None
ts = [threading.Thread(target=work, args=(use, m)) for m in [Lock()] * 2]
for t in ts: t.start()
for t in ts: t.join()
)") == std::set<std::string>{"lock inner", "lock mine"});
}

TEST_CASE("a pool's threads and queue") {
  const std::string text = R"(
from concurrent.futures import ThreadPoolExecutor
pool = ThreadPoolExecutor(1)
pool.submit(print, 1)
pool.shutdown()
)";
  const std::set<std::string> names = names_in(text);
  CHECK(names.contains("queue pool._work_queue"));
  for (const std::string& name : names) CHECK(name.find('@') == std::string::npos);
  auto model = load_text(text);
  const auto lines = record(*model);
  CHECK(std::find(lines.begin(), lines.end(), "t1 is worker-0_0") != lines.end());
}
