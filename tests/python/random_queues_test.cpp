// Random programs over a queue: what they can come to is the same whether or not its ends are told apart, and, where that
// ends soon enough, when they run step by step over the locks of the library. RADDLE_PYTHON_PROGRAMS and
// RADDLE_PYTHON_SEED as in random_programs_test.cpp.
#include <random>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

// Most are puts and gets, which have a place at one of the ends.
const char* const kEither[] = {"q.put(C)",
                               "q.put(C)",
                               "q.put(C)",
                               "r.append(q.get())",
                               "r.append(q.get())",
                               "r.append(q.get())",
                               "r.append(q.get(block=False))",
                               "q.put(C, block=False)",
                               "r.append(q.qsize())",
                               "r.append(q.empty())",
                               "r.append(q.get(timeout=1))"};
const char* const kOfQueue[] = {"q.task_done()",
                                "q.task_done()",
                                "q.join()",
                                "r.append(q.full())",
                                "r.append(q.unfinished_tasks)",
                                "r.append(list(q.queue))"};

class Program {
 public:
  explicit Program(unsigned seed) : random_(seed) {
    static const char* const kinds[] = {"Queue()",       "Queue(1)",    "Queue(2)",         "Queue(3)",
                                        "SimpleQueue()", "LifoQueue()", "PriorityQueue(2)", "Own(2)"};
    const int kind = below(8);
    simple_ = kind == 4;
    several_kinds_ = below(2);
    const int threads = 2 + below(2);
    text =
        "import threading, queue\nclass Own(queue.Queue):\n    def size(self): return self.qsize()\nq = "
        "queue." +
        std::string(kinds[kind]) + "\nx = 0\n";
    if (kind == 7) text.replace(text.rfind("queue.Own"), 9, "Own");
    for (int i = below(2); i > 0; --i) text += "q.put(0)\n";
    std::string names, results;
    for (int t = 0; t < threads; ++t) {
      const std::string number = std::to_string(t);
      text += "r" + number + " = []\ndef t" + number + "():\n    global x\n    r = r" + number + "\n";
      for (int i = threads == 3 ? 1 + below(2) : 2 + below(2); i > 0; --i) add_statement();
      names += "t" + number + ", ";
      results += "r" + number + ", ";
    }
    text += "threads = [threading.Thread(target=f) for f in (" + names +
            ")]\nfor t in threads: t.start()\nfor t in threads: t.join()\nwhile not q.empty(): x = 10 * x + "
            "q.get()\nprint(" +
            results + "x)\n";
  }

  std::string text;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  void add_statement() {
    if (below(6) == 0) {
      text += "    x += 1\n";
      return;
    }
    const bool of_queue = !simple_ && several_kinds_ && below(3) == 0;
    const int kinds = several_kinds_ ? static_cast<int>(std::size(kEither)) : 6;
    std::string statement = of_queue ? kOfQueue[below(std::size(kOfQueue))] : kEither[below(kinds)];
    for (std::size_t at; (at = statement.find('C')) != std::string::npos;)
      statement[at] = static_cast<char>('1' + below(2));
    text += "    try: " + statement + "\n    except Exception as error: r.append(type(error).__name__)\n";
  }

  bool simple_ = false, several_kinds_ = false;
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("random queues: told apart or not, in one step or in many, programs come to the same") {
  const long programs = 2 * setting("RADDLE_PYTHON_PROGRAMS", 20), first = setting("RADDLE_PYTHON_SEED", 1);
  long fewer = 0, step_by_step = 0;
  for (long seed = first; seed < first + programs; ++seed) {
    const std::string text = Program(static_cast<unsigned>(seed)).text;
    CAPTURE(seed);
    CAPTURE(text);
    Seen apart, whole, brute;
    {
      auto model = load_text(text);
      apart = search(*model);
      brute = search(*model, {.search = Search::Brute, .runs = 20000});
      whole = search(*model, {.runs = 5000, .whole_queues = true});
    }
    if (!whole.exhausted) continue;
    CHECK(apart.exhausted);
    CHECK(apart.blocked == 0);
    CHECK(apart.ends() == whole.ends());
    fewer += apart.executions < whole.executions;
    if (brute.exhausted) {
      CHECK(apart.checksum == brute.checksum);
      CHECK(apart.executions == brute.classes);
    }
    const Seen fine = run(text, {.runs = 3000, .fine = true});
    if (!fine.exhausted) continue;
    ++step_by_step;
    CHECK(apart.ends() == fine.ends());
  }
  CHECK(fewer > programs / 10);
  CHECK(step_by_step > programs / 10);
}
