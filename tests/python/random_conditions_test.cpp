// Random programs over what can be waited for with a timeout: what they can come to is what brute force sees, class by
// class, and, where that ends soon enough, what they come to when they run step by step over the locks of the library.
// RADDLE_PYTHON_PROGRAMS and RADDLE_PYTHON_SEED as in random_programs_test.cpp.
#include <iterator>
#include <random>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// With the condition's lock.
const char* const kLocked[] = {"if not x: r.append(c.wait(timeout=1))",
                               "if not x: r.append(c.wait(timeout=1))",
                               "r.append(c.wait(1)); y += 1",
                               "r.append(c.wait_for(lambda: x > 1, timeout=1))",
                               "if x < 2: c.wait()",
                               "c.notify()",
                               "c.notify()",
                               "if y: c.notify(); c.notify()",
                               "if y: c.notify(2)",
                               "c.notify(2)",
                               "c.notify_all()",
                               "x = 2; c.notify_all()",
                               "x += 1",
                               "r.append((x, y))"};
// Without it.
const char* const kFree[] = {"r.append(e.wait(1))",
                             "e.set()",
                             "e.clear()",
                             "r.append(s.acquire(timeout=1))",
                             "s.release()",
                             "r.append(s.acquire(blocking=False))",
                             "r.append(b.wait(timeout=1))",
                             "r.append(m.acquire(timeout=1))",
                             "m.release()",
                             "y += 1"};

class Program {
 public:
  explicit Program(unsigned seed) : random_(seed) {
    text =
        "import threading\nc = threading.Condition()\ne = threading.Event()\ns = threading.Semaphore(0)\n"
        "b = threading.Barrier(2)\nm = threading.Lock()\nx = y = 0\n";
    const int threads = below(3) ? 3 : 2;
    mixed_ = below(3) == 0;
    std::string names, results;
    for (int t = 0; t < threads; ++t) {
      const std::string number = std::to_string(t);
      text += "r" + number + " = []\ndef t" + number + "():\n    global x, y\n    r = r" + number + "\n";
      for (int i = threads == 3 ? 1 : 1 + below(2); i > 0; --i) add_section();
      names += "t" + number + ", ";
      results += "r" + number + ", ";
    }
    text += "threads = [threading.Thread(target=f) for f in (" + names +
            ")]\nfor t in threads: t.start()\nfor t in threads: t.join()\nprint(" + results + "x, y)\n";
  }

  std::string text;

 private:
  int below(std::size_t n) { return static_cast<int>(random_() % n); }

  void add_section() {
    if (mixed_ && below(2) == 0) {
      for (int i = 1 + below(2); i > 0; --i) add(kFree[below(std::size(kFree))], "    ");
      return;
    }
    text += "    with c:\n";
    for (int i = 1 + below(2); i > 0; --i) add(kLocked[below(std::size(kLocked))], "        ");
  }

  void add(const std::string& statement, const std::string& indent) {
    const std::size_t colon = statement.find(": ");
    text += indent + "try:\n" + indent + "    " +
            (statement.rfind("if ", 0) == 0
                 ? statement.substr(0, colon + 1) + "\n" + indent + "        " + statement.substr(colon + 2)
                 : statement) +
            "\n" + indent + "except Exception as error: r.append(type(error).__name__)\n";
  }

  bool mixed_ = false;
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("random conditions: waits that expire, in one step or in many, as brute force sees them") {
  const long programs = 3 * setting("RADDLE_PYTHON_PROGRAMS", 20), first = setting("RADDLE_PYTHON_SEED", 1);
  long compared = 0, step_by_step = 0;
  for (long seed = first; seed < first + programs; ++seed) {
    const std::string text = Program(static_cast<unsigned>(seed)).text;
    CAPTURE(seed);
    CAPTURE(text);
    Seen quick, brute;
    {
      auto model = load_text(text);
      quick = search(*model, {.runs = 10000});
      brute = search(*model, {.search = Search::Brute, .runs = 30000});
    }
    CHECK(quick.aborted == 0);
    CHECK(quick.blocked == 0);
    if (!quick.exhausted) continue;
    if (brute.exhausted) {
      ++compared;
      CHECK(quick.checksum == brute.checksum);
      CHECK(quick.classes == brute.classes);
      CHECK(quick.executions == brute.classes);
      CHECK(quick.ends() == brute.ends());
    }
    const Seen fine = run(text, {.runs = 5000, .fine = true});
    if (!fine.exhausted) continue;
    ++step_by_step;
    CHECK(quick.ends() == fine.ends());
  }
  CHECK(compared > programs / 2);
  CHECK(step_by_step > programs / 4);
}
