// How many executions a complete search takes: numbers that follow from the programs alone.
#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

std::string counter(int threads, const std::string& body, const std::string& before = "") {
  return "import threading\nx = 0\n" + before + "def work():\n    global x\n" + body +
         "threads = [threading.Thread(target=work) for _ in range(" + std::to_string(threads) +
         ")]\nfor t in threads: t.start()\nfor t in threads: t.join()\nprint(x)\n";
}

Seen search_file(const std::string& name, std::vector<std::string> arguments = {}) {
  std::ifstream file(std::filesystem::path(RADDLE_SOURCE_DIR) / "models" / name);
  std::stringstream text;
  text << file.rdbuf();
  return run(text.str(), {.arguments = std::move(arguments)});
}

}  // namespace

TEST_CASE("counters without a lock: 4, 36 and 576 classes") {
  const std::string increment = "    x += 1\n", apart = "    seen = x\n    x = seen + 1\n";
  for (const std::string& body : {increment, apart}) {
    const Seen two = run(counter(2, body)), three = run(counter(3, body));
    CHECK(two.exhausted);
    CHECK(two.executions == 4);
    CHECK(two.distinct() == Outputs{"1\n", "2\n"});
    CHECK(three.exhausted);
    CHECK(three.executions == 36);
    CHECK(three.distinct() == Outputs{"1\n", "2\n", "3\n"});
  }
  const Seen four = run(counter(4, increment));
  CHECK(four.executions == 576);
  CHECK(four.blocked == 0);
}

TEST_CASE("counters with a lock: n! classes") {
  const std::string before = "lock = threading.Lock()\n", body = "    with lock:\n        x += 1\n";
  int factorial = 1;
  for (int n = 2; n <= 5; ++n) {
    factorial = n == 2 ? 2 : factorial * n;
    const Seen seen = run(counter(n, body, before));
    CHECK(seen.problems() == "");
    CHECK(seen.executions == factorial);
    CHECK(seen.distinct() == Outputs{std::to_string(n) + "\n"});
  }
}

TEST_CASE("counters in attributes, items, globals of a module, closures and class attributes") {
  const char* const programs[] = {
      "class C: pass\nc = C()\nc.n = 0\ndef work(): c.n += 1\ndef result(): return c.n\n",
      "class C: n = 0\ndef work(): C.n += 1\ndef result(): return C.n\n",
      "d = {'n': 0}\ndef work(): d['n'] += 1\ndef result(): return d['n']\n",
      "l = [0]\ndef work(): l[0] += 1\ndef result(): return l[0]\n",
      "def make():\n    n = 0\n    def work():\n        nonlocal n\n        n += 1\n    return work, lambda: "
      "n\n"
      "work, result = make()\n",
      "class C: __slots__ = ['n']\nc = C()\nc.n = 0\ndef work(): c.n += 1\ndef result(): return c.n\n",
  };
  for (const char* program : programs) {
    CAPTURE(program);
    const Seen seen = run(std::string("import threading\n") + program +
                          "threads = [threading.Thread(target=work) for _ in range(2)]\n"
                          "for t in threads: t.start()\nfor t in threads: t.join()\nprint(result())\n");
    CHECK(seen.exhausted);
    CHECK(seen.executions == 4);
    CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
  }
}

TEST_CASE("a generator that has handled an exception is one like any other") {
  const auto shared = [](const std::string& handled) {
    return "import threading\ntotal = 0\ndef numbers():\n    global total\n    for n in (1, 2):\n" + handled +
           "        total += n\n        yield n\nsource = numbers()\n"
           "def take():\n    try: next(source)\n    except ValueError: pass\n"
           "threads = [threading.Thread(target=take) for _ in range(2)]\n"
           "for t in threads: t.start()\nfor t in threads: t.join()\nprint(total)\n";
  };
  const Seen plain = run(shared("")),
             handles = run(shared("        try: int('x')\n        except ValueError: pass\n"));
  CHECK(plain.exhausted);
  CHECK(handles.exhausted);
  CHECK(handles.executions == plain.executions);
  CHECK(handles.distinct() == plain.distinct());
}

TEST_CASE("threads that share nothing, or only read: one class") {
  const Seen seen = run(R"(
import threading
limit = 10
table = {i: i * i for i in range(limit)}
def work():
    mine = []
    for i in range(limit): mine.append(table[i])
    assert sum(mine) == 285 and len(table) == 10
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
}

TEST_CASE("one writer and n readers: 2 to the power of n classes") {
  for (int n = 1; n <= 5; ++n) {
    const Seen seen =
        run("import threading\nx = 0\ndef write():\n    global x\n    x = 1\ndef read(): return x\n"
            "threads = [threading.Thread(target=write)] + [threading.Thread(target=read) for _ in "
            "range(" +
            std::to_string(n) + ")]\nfor t in threads: t.start()\nfor t in threads: t.join()\n");
    CHECK(seen.problems() == "");
    CHECK(seen.executions == 1 << n);
  }
}

TEST_CASE("the programs in models/") {
  const struct {
    const char* name;
    long executions, deadlocks;
    const char* fails;
  } programs[] = {
      {"tutorial/create_and_join.py", 1, 0, ""},
      {"tutorial/start_thread.py", 1, 0, ""},
      {"tutorial/join_thread.py", 1, 0, ""},
      {"tutorial/three_threads.py", 1, 0, ""},
      {"tutorial/lost_update.py", 4, 0, ""},
      {"tutorial/lost_update_lock.py", 2, 0, ""},
      {"tutorial/lost_update_with.py", 2, 0, ""},
      {"tutorial/bare_increment.py", 4, 0, ""},
      {"tutorial/double_acquire.py", 1, 1, ""},
      {"tutorial/rlock.py", 1, 0, ""},
      {"tutorial/pipeline_late_return.py", 8, 0, "AssertionError"},
      {"classic/philosophers.py", 7, 1, ""},
      {"classic/philosophers_ordered.py", 6, 0, ""},
  };
  for (const auto& [name, executions, deadlocks, fails] : programs) {
    const auto shown_name = name;  // clang 14 captures no bindings
    CAPTURE(shown_name);
    const Seen seen = search_file(name);
    CHECK(seen.exhausted);
    CHECK(seen.executions == executions);
    CHECK(seen.deadlocks == deadlocks);
    CHECK((*fails ? seen.fails(fails) : seen.failures.empty()));
  }
  CHECK(search_file("classic/philosophers.py", {"4"}).executions == 15);
  CHECK(search_file("classic/philosophers.py", {"5"}).executions == 31);
  CHECK(search_file("classic/philosophers_ordered.py", {"2"}).executions == 2);
}

TEST_CASE("source DPOR's and a random walk's programs are the same") {
  const std::string text = counter(2, "    x += 1\n");
  const Seen random = run(text, {.search = Search::Random, .runs = 300});
  CHECK(random.executions == 300);
  CHECK(random.classes == 4);
  CHECK(random.distinct() == Outputs{"1\n", "2\n"});
}
