// raddle.atomic: blocks that nobody comes between.
#include <doctest/doctest.h>

#include "random_program.h"
#include "support.h"

using namespace raddle::python::test;

namespace {

// `one` and `two` run in threads; then `end` prints what came out.
const char* const kRun = R"(
threads = [threading.Thread(target=f) for f in (one, two)]
for t in threads: t.start()
for t in threads: t.join()
end()
)";

std::string program(const std::string& text) {
  return "import threading, queue, time, raddle\nx = y = z = 0\nd = {}\nl = []\nlock = threading.Lock()\ne = "
         "threading.Event()\nq = queue.Queue()\ns = threading.Semaphore(1)\ndef end(): print(x, y, z, d, "
         "l)\n" +
         text + kRun;
}

// Both threads do so; one failure says why it may not.
bool is_refused(const std::string& statement, const std::string& why) {
  const Seen seen =
      run(program("def one():\n    with raddle.atomic():\n        " + statement + "\ntwo = one\n"));
  INFO(statement);
  for (const auto& [failure, count] : seen.failures) INFO(failure);
  return seen.fails("RuntimeError: raddle.atomic: the block " + why);
}

}  // namespace

TEST_CASE("nothing comes between what a block does") {
  const std::string body = R"(
    global x, y
    BLOCK
        x += 1
        d['k'] = d.get('k', 0) + 1
        y = len(l)
        l.append(x)
two = one
)";
  const auto with = [&](const std::string& block) {
    std::string text = "def one():" + body;
    text.replace(text.find("BLOCK"), 5, block);
    return program(text);
  };
  const Seen atomic = run_against_brute_force(with("with raddle.atomic():"));
  CHECK(atomic.problems() == "");
  CHECK(atomic.executions == 2);
  CHECK(atomic.distinct() == Outputs{"2 1 0 {'k': 2} [1, 2]\n"});
  CHECK(run(with("if True:")).distinct().size() > 3);
}

TEST_CASE("what is outside of blocks comes between other things") {
  const Seen seen = run_against_brute_force(program(R"(
def one():
    global x, y
    with raddle.atomic():
        x = 1
        y = 1
def two():
    global z
    a = x
    z = (a, y)
)"));
  CHECK(seen.distinct() == Outputs{"1 1 (0, 0) {} []\n", "1 1 (0, 1) {} []\n", "1 1 (1, 1) {} []\n"});
}

TEST_CASE("blocks commute with what they do not touch") {
  const Seen seen = run_against_brute_force(program(R"(
def one():
    global x
    for i in range(3):
        with raddle.atomic(): x += 1
def two():
    global z
    for i in range(3):
        with lock: z += 1
)"));
  CHECK(seen.executions == 1);
}

TEST_CASE("a block in a block, an exception and a return end where they should") {
  const Seen seen = run_against_brute_force(program(R"(
def one():
    global x, y
    try:
        with raddle.atomic():
            with raddle.atomic(): x += 1
            x += 1
            raise KeyError
    except KeyError: pass
    y += 1
def two():
    global x, y
    def f():
        with raddle.atomic():
            x_before = x
            return x_before
    z = f()
    assert z != 1
    y += 1
)"));
  CHECK(seen.distinct() == Outputs{"2 1 0 {} []\n", "2 2 0 {} []\n"});
}

TEST_CASE("blocks may use variables only") {
  CHECK(is_refused("lock.acquire()", "acquires a lock; it may only use variables and containers"));
  CHECK(is_refused("raddle.invariant(lambda: True)", "adds an invariant"));
  CHECK(is_refused("lock.locked()", "looks at a lock"));
  CHECK(is_refused("q.put(1)", "acquires a lock"));
  CHECK(is_refused("q.qsize()", "acquires a lock"));
  CHECK(is_refused("q.queue", "looks inside of a queue"));
  CHECK(is_refused("e.set()", "acquires a lock"));
  CHECK(is_refused("e.is_set()", "looks at an event"));
  CHECK(is_refused("s.acquire()", "acquires a lock"));
  CHECK(is_refused("time.sleep(1)", "sleeps"));
  CHECK(is_refused("threading.Thread(target=print).start()", "starts a thread"));
  CHECK(is_refused("threads[0].is_alive()", "asks whether a thread is alive"));
  CHECK(is_refused("threads[0].join()", "waits for a thread"));
  CHECK(!is_refused("x = sorted(l, key=lambda v: -v); print(x)", ""));
}

TEST_CASE("a block ends with its thread") {
  // In a generator that is never resumed; or the process ends.
  const std::string left = R"(
def hold():
    with raddle.atomic(): yield
def one():
    global g
    g = hold()
    next(g)
def two():
    global x
    with lock: x += 1
)";
  CHECK(run(program(left)).problems() == "");
  CHECK(run(program(
                "import os\ndef one():\n    with raddle.atomic(): os._exit(0)\ndef two(): lock.acquire()\n"))
            .failures.empty());
}

TEST_CASE("output is fine as long as nobody asks for its order") {
  const std::string text = program("def one():\n    with raddle.atomic(): print(1)\ntwo = one\n");
  CHECK(run(text).distinct() == Outputs{"1\n1\n0 0 0 {} []\n"});
}

TEST_CASE("an invariant sees a block as one step") {
  const std::string text = R"(
def one():
    global x, y
    BLOCK
        x += 1
        y += 1
two = one
raddle.invariant(lambda: x == y)
)";
  const auto with = [&](const std::string& block) {
    std::string all = program(text);
    all.replace(all.find("BLOCK"), 5, block);
    return run(all);
  };
  CHECK(with("with raddle.atomic():").problems() == "");
  CHECK(with("with lock:").fails("does not hold"));
}

TEST_CASE("random programs with blocks: brute force sees nothing else") {
  const long programs = setting("RADDLE_PYTHON_PROGRAMS", 20), first = setting("RADDLE_PYTHON_SEED", 1);
  for (long seed = first; seed < first + programs; ++seed) {
    std::string text = "import raddle\n" + random_program(static_cast<unsigned>(seed));
    for (std::size_t at; (at = text.find("with m, n:")) != std::string::npos;)
      text.replace(at, 10, "with raddle.atomic():");
    for (std::size_t at; (at = text.find("with m:")) != std::string::npos;)
      text.replace(at, 7, "with raddle.atomic():");
    CAPTURE(seed);
    CAPTURE(text);
    run_against_brute_force(text, seed % 4 == 0);
  }
}
