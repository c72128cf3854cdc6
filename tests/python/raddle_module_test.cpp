// import raddle: choices, notes and final functions.
#include <algorithm>
#include <cstdlib>

#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

namespace {

const std::string kThreads =
    "threads = [threading.Thread(target=work, args=(i,)) for i in range(2)]\n"
    "for t in threads: t.start()\n"
    "for t in threads: t.join()\n";

// For python3, while it exists: where the module is.
struct ModulePath {
  ModulePath() { setenv("PYTHONPATH", RADDLE_SOURCE_DIR "/checker/python/module", 1); }
  ~ModulePath() { unsetenv("PYTHONPATH"); }
};

}  // namespace

TEST_CASE("every value of a choice is explored, and every one of those that follow from it") {
  const Seen one = run("import raddle\nprint(raddle.choose(3))\n");
  CHECK(one.problems() == "");
  CHECK(one.executions == 3);
  CHECK(one.distinct() == Outputs{"0\n", "1\n", "2\n"});
  const Seen two = run_against_brute_force(R"(
import raddle
n = raddle.choose(3)
print(n, raddle.choose(n + 1))
)");
  CHECK(two.problems() == "");
  CHECK(two.executions == 6);
  CHECK(two.distinct() == Outputs{"0 0\n", "1 0\n", "1 1\n", "2 0\n", "2 1\n", "2 2\n"});
  CHECK(run("import raddle\nprint(raddle.choose(1))\n").executions == 1);
}

TEST_CASE("choices of threads that share nothing are independent") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
def work(i): print(i, raddle.choose(3))
)" + kThreads);
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 9);
  CHECK(seen.by_thread.size() == 9);
}

TEST_CASE("choices and races: each choice has its own interleavings") {
  // One thread increases x or does not (1 class), or both do (4 classes).
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
x = 0
def work(i):
    global x
    if i == 1 or raddle.choose(2): x += 1
)" + kThreads + "print(x)\n");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 5);
  CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
  // 2! orders of the lock, 2 * 2 values
  const Seen locked = run_against_brute_force(R"(
import raddle, threading
lock = threading.Lock()
chosen = []
def work(i):
    with lock: chosen.append((i, raddle.choose(2)))
)" + kThreads + "print(chosen)\n");
  CHECK(locked.problems() == "");
  CHECK(locked.executions == 8);
  CHECK(locked.distinct().size() == 8);
}

TEST_CASE("choices decide how many threads there are, and which lock they take") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
locks = [threading.Lock(), threading.Lock()]
x = 0
def work():
    global x
    with locks[raddle.choose(2)]: x += 1
threads = [threading.Thread(target=work) for _ in range(raddle.choose(3))]
for t in threads: t.start()
for t in threads: t.join()
print(len(threads), x)
)");
  // No thread; one, with either lock; two: the same lock twice (2 orders each), or different ones (4 classes each).
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1 + 2 + 2 * 2 + 2 * 4);
  CHECK(seen.distinct() == Outputs{"0 0\n", "1 1\n", "2 1\n", "2 2\n"});
}

TEST_CASE("choices in modules, in final functions and in loops that end by them") {
  write_file("chooser.py", "import raddle\nvalue = raddle.choose(2)\n");
  const Seen seen = run_against_brute_force(R"(
import raddle, chooser
count = 0
while count < 3 and raddle.choose(2): count += 1
raddle.final(lambda: print(chooser.value, count, raddle.choose(2)))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2 * 4 * 2);
  CHECK(seen.distinct().size() == 16);
}

TEST_CASE("what cannot be chosen from is refused, with the same words as under python3") {
  const ModulePath path;
  run_as_plain(R"(
import raddle
for n in (0, -1, 65535, 10**30, 2.5, 'x', None):
    try: raddle.choose(n)
    except ValueError as error: print(error)
for call in (lambda: raddle.note(1), lambda: raddle.final(2), raddle.choose):
    try: call()
    except TypeError as error: print(error)
class One:
    def __index__(self): return 1
print(raddle.choose(True), raddle.choose(One()))
)");
  const Seen most =
      run("import raddle\nprint(raddle.choose(65534) > 100)\n", {.search = Search::Random, .runs = 100});
  CHECK(most.problems() == "not exhausted; ");
  CHECK(most.distinct() == Outputs{"True\n"});
}

TEST_CASE("nothing can be chosen in the middle of a step") {
  const Seen seen = run(R"(
import queue, raddle
class Item:
    def __lt__(self, other): return raddle.choose(2) == 1
q = queue.PriorityQueue()
q.put(Item())
try: q.put(Item())
except RuntimeError as error: print(error)
)");
  CHECK(seen.executions == 1);
  CHECK(seen.distinct() ==
        Outputs{"raddle.choose: called in the middle of a step of raddle's, where nothing can be chosen\n"});
}

TEST_CASE("notes are in the recording and cost nothing") {
  const std::string text = R"(
import raddle, threading
x = 0
def work(i):
    global x
    raddle.note(f'{i} begins')
    x += 1
    raddle.note('')
)" + kThreads;
  const Seen seen = run_against_brute_force(text);
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 4);
  CHECK(seen.distinct() == Outputs{""});
  auto model = load_text(text);
  const std::vector<std::string> lines = record(*model);
  model.reset();
  for (const char* line : {"t1 note 0 begins", "t2 note 1 begins", "t1 note", "t2 note"})
    CHECK(std::count(lines.begin(), lines.end(), line) == 1);
  auto strange = load_text("import raddle\nraddle.note('a\\nb \\udcff \\u20ac')\n");
  const std::vector<std::string> escaped = record(*strange);
  CHECK(std::count(escaped.begin(), escaped.end(), "t0 note a\nb \\udcff \xe2\x82\xac") == 1);
}

TEST_CASE("a final function sees what all threads have done, joined or not") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
x = 0
lock = threading.Lock()
@raddle.final
def check():
    print(x)
    assert x == 2
def work():
    global x
    with lock: x += 1
for _ in range(2): threading.Thread(target=work).start()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);
  CHECK(seen.distinct() == Outputs{"2\n"});
}

TEST_CASE("an assertion that fails in a final function is a failure in its line") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
x = 0
def check():
    assert x == 2, x
raddle.final(check)
def work(i):
    global x
    x += 1
)" + kThreads);
  CHECK(seen.executions == 4);
  CHECK(seen.failures == std::map<std::string, long>{{"AssertionError: 1 @5", 2}});
  CHECK(seen.statuses == std::set<int>{0});
  CHECK(seen.distinct().size() == 2);
  const std::string shown = *seen.distinct().rbegin();
  CHECK(shown.find("Exception ignored in final function: <function check at ") == 0);
  CHECK(shown.find("AssertionError: 1\n") != std::string::npos);
}

TEST_CASE("final functions: last registered first, all of them, anew in each execution") {
  const ModulePath path;
  run_as_plain(R"(
import atexit, raddle, threading
x = 0
def work(i):
    global x
    x = 1
atexit.register(print, 'exit function')
raddle.final(lambda: print('first'))
raddle.final(lambda: print('second'))
class Last:
    def __call__(self): print('last')
assert isinstance(raddle.final(Last()), Last)
)" + kThreads);
  const Seen late = run(R"(
import raddle
def more():
    print('more')
    raddle.final(lambda: print('registered late'))
raddle.final(lambda: print('first'))
raddle.final(more)
)");
  CHECK(late.distinct() == Outputs{"more\nregistered late\nfirst\n"});
  const Seen seen = run(R"(
import raddle, sys
def fail(): raise KeyError('k')
raddle.final(lambda: print('runs all the same'))
raddle.final(sys.exit)
raddle.final(fail)
sys.stderr = sys.__stderr__ = None
raise SystemExit(0)
)");
  CHECK(seen.executions == 1);
  CHECK(seen.failures == std::map<std::string, long>{{"KeyError: 'k' @3", 1}});
  CHECK(seen.distinct() == Outputs{"runs all the same\n"});
}

TEST_CASE("final functions run when main fails, and not when the process ends otherwise") {
  const std::string before = "import os, raddle, sys, threading\nraddle.final(lambda: print('final'))\n";
  const Seen fails = run(before + "sys.stderr = open(os.devnull, 'w')\nraise ValueError('x')\n");
  CHECK(fails.distinct() == Outputs{"final\n"});
  CHECK(fails.statuses == std::set<int>{1});
  CHECK(run(before + "os._exit(0)\n").distinct() == Outputs{""});
  const Seen stuck = run(before + "lock = threading.Lock()\nlock.acquire()\nlock.acquire()\n");
  CHECK(stuck.deadlocks == 1);
  CHECK(stuck.distinct() == Outputs{""});
  const Seen inside = run(before +
                          "lock = threading.Lock()\nlock.acquire()\n"
                          "raddle.final(lock.acquire)\nraddle.final(lambda: print('before'))\n");
  CHECK(inside.deadlocks == 1);
  CHECK(inside.distinct() == Outputs{"before\n"});
}

TEST_CASE("daemons run on while final functions run") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
x = 0
def work():
    global x
    x = 1
threading.Thread(target=work, daemon=True).start()
raddle.final(lambda: print(x))
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"0\n", "1\n"});
}

TEST_CASE("threads register final functions in any order, and that makes no difference") {
  const Seen seen = run_against_brute_force(R"(
import raddle, threading
def work(i):
    raddle.final(lambda: print(i, 'first'))
    raddle.final(lambda: print(i, 'second'))
raddle.final(lambda: print('main'))
)" + kThreads);
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
  CHECK(seen.distinct() == Outputs{"1 second\n1 first\n0 second\n0 first\nmain\n"});
}

TEST_CASE("threads that may be gone by then cannot register a final function") {
  const ModulePath path;
  const std::string daemon = R"(
import raddle, threading
def work():
    try: raddle.final(print)
    except RuntimeError as error: print(error)
t = threading.Thread(target=work, daemon=True)
t.start()
t.join()
)";
  run_as_plain(daemon);
  const Seen late = run(R"(
import raddle, threading
def work():
    try: raddle.final(print)
    except RuntimeError as error: print(error)
@raddle.final
def end():
    t = threading.Thread(target=work)
    t.start()
    t.join()
)");
  CHECK(late.problems() == "");
  CHECK(late.distinct() ==
        Outputs{"raddle.final: called in a thread that was started while final functions run\n"});
}

TEST_CASE("a program that asks whether there is a raddle runs everywhere") {
  const std::string text = R"(
try:
    import raddle
except ImportError:
    raddle = None
print(raddle is not None and sorted(raddle.__all__))
)";
  CHECK(plain_output(text) == "False\n");
  CHECK(run(text).distinct() == Outputs{"['atomic', 'choose', 'final', 'invariant', 'note']\n"});
  const ModulePath path;
  CHECK(plain_output(text) == "['atomic', 'choose', 'final', 'invariant', 'note']\n");
}

TEST_CASE("under python3 a choice is random, a note is nothing") {
  const ModulePath path;
  CHECK(plain_output(R"(
import random, raddle
random.seed(1)
chosen = [raddle.choose(10) for _ in range(5)]
random.seed(1)
print(chosen == [random.randrange(10) for _ in range(5)], raddle.note('text'))
)") == "True None\n");
}

TEST_CASE("what a program changes in the module is put back") {
  const Seen seen = run(R"(
import raddle, threading
print(raddle.choose.__name__)
x = 0
def work(i):
    global x
    x += 1
)" + kThreads + "raddle.choose = print\n");
  CHECK(seen.executions == 4);
  CHECK(seen.distinct() == Outputs{"choose\n"});
}
