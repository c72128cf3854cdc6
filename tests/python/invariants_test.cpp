// raddle.invariant: it sees every state of what it looks at, and nothing else changes.

#include <doctest/doctest.h>

#include "random_program.h"
#include "support.h"

using namespace raddle::python::test;

namespace {

const std::string kRun =
    "threads = [threading.Thread(target=f) for f in (one, two)]\n"
    "for t in threads: t.start()\n"
    "for t in threads: t.join()\n";

// An invariant that fails, with the value of `expression`, as soon as that is none of `known`.
std::string tell(const std::string& expression, const Outputs& known) {
  std::string text = "import raddle\nknown = (";
  for (const std::string& value : known) text += "'''" + value + "''', ";
  return text + ")\n@raddle.invariant\ndef invariant():\n    value = repr(" + expression +
         ")\n    if value not in known: raise ValueError(value + '|')\n";
}

// All values that `expression` has at any moment of any execution. `program(i)`: the program with i in its main thread,
// before the others start.
template <class MakeProgram>
Outputs values_of(const std::string& expression, MakeProgram program, const How& how) {
  Outputs known;
  for (;;) {
    const std::size_t before = known.size();
    const Seen seen = run(program(tell(expression, known)), how);
    CHECK(seen.exhausted);
    CHECK(seen.abort_reason == "");
    for (const auto& [failure, count] : seen.failures) {
      CAPTURE(failure);
      REQUIRE(failure.starts_with("ValueError: "));
      known.insert(failure.substr(12, failure.find('|') - 12));
    }
    if (known.size() == before) return known;
  }
}

Outputs values_of(const std::string& setup, const std::string& expression) {
  const std::string text = "import threading\n" + setup;
  return values_of(expression, [&](const std::string& invariant) { return text + invariant + kRun; }, {});
}

// What the finding says of a function that does more than look.
bool is_refused(const std::string& function, const std::string& why) {
  const Seen seen =
      run("import raddle, threading, time\nlock = threading.Lock()\nnumbers = [1]\nx = 0\ncondition = "
          "threading.Condition()\n"
          "def look():\n    global x\n    " +
          function +
          "\nthread = threading.Thread(target=print)\nthread.start()\nwith lock: raddle.invariant(look)\n");
  INFO(function);
  for (const auto& [failure, count] : seen.failures) INFO(failure);
  return seen.executions == 1 && seen.fails("RuntimeError: raddle.invariant: the function " + why);
}

}  // namespace

TEST_CASE("both orders of two writes that nothing else relates are seen") {
  const std::string setup = R"(
x = y = 0
def one():
    global x
    x = 1
def two():
    global y
    y = 1
)";
  CHECK(values_of(setup, "(x, y)") == Outputs{"(0, 0)", "(0, 1)", "(1, 0)", "(1, 1)"});
  // Four values in two executions; without the invariant, or with one that looks elsewhere, it is one.
  const std::string program = "import threading, raddle\n" + setup;
  CHECK(run(program + kRun).executions == 1);
  CHECK(run(program + "raddle.invariant(lambda: x < 2)\n" + kRun).executions == 1);
  const Seen seen = run_against_brute_force(program + "raddle.invariant(lambda: (x, y) != (1, 2))\n" + kRun);
  CHECK(seen.executions == 2);
  CHECK(seen.problems() == "");
  CHECK(run(program + "raddle.invariant(lambda: (x, y) != (0, 1))\n" + kRun).failures.begin()->second == 1);
}

TEST_CASE("reads are no changes") {
  const Seen seen = run(R"(
import threading, raddle
x = 0
def one(): return x
two = one
def three():
    global x
    x += 0
raddle.invariant(lambda: x == 0)
)" + kRun);
  CHECK(seen.executions == 1);
  CHECK(seen.problems() == "");
}

TEST_CASE("the last write of a thread and of the program, and the state to begin with") {
  const std::string text =
      "import raddle, threading\nx = 0\ndef one():\n    global x\n    x = 1\ntwo = print\n";
  CHECK(run(text + "raddle.invariant(lambda: x < 1)\n" + kRun).failures.size() == 1);
  CHECK(run(text + "raddle.invariant(lambda: x < 2)\n" + kRun).failures.empty());
  CHECK(run(text + "raddle.invariant(lambda: x < 1)\none()\n").failures.size() == 1);
  CHECK(run(text + "raddle.invariant(lambda: x < 1)\n").failures.empty());
  CHECK(run(text + "raddle.invariant(lambda: x < 0)\n").fails("an invariant does not hold"));
}

TEST_CASE("what it says when it fails, once in each execution") {
  const std::string text = "import raddle\nx = 0\n";
  const std::string changes = "x = 1\nx = 2\n";
  CHECK(run(text + "raddle.invariant(lambda: x == 0)\n" + changes).failures ==
        std::map<std::string, long>{
            {"AssertionError: an invariant does not hold: raddle.invariant(lambda: x == 0) (model.py:3) @4",
             1}});
  CHECK(run(text + "@raddle.invariant\ndef f(): assert x == 0, f'is {x}'\n" + changes)
            .fails("AssertionError: is 1, in an invariant: @raddle.invariant (model.py:3) @5"));
  CHECK(run(text + "raddle.invariant(lambda: 1 / (x - 1))\n" + changes).fails("ZeroDivisionError: "));
  CHECK(run(text + "raddle.invariant(lambda: None)\nraddle.invariant(lambda: [x])\n" + changes)
            .failures.empty());
  CHECK(run(text + "raddle.invariant(5)\n")
            .fails("TypeError: raddle.invariant: function must be callable, not int"));
}

TEST_CASE("all that a function can look at: variables, attributes, containers, primitives") {
  const auto seen = [](const std::string& setup, const std::string& one, const std::string& two,
                       const std::string& expression) {
    return values_of(setup + "\ndef one():\n    " + one + "\ndef two():\n    " + two + "\n", expression);
  };
  CHECK(seen("class A: a = b = 0\no = A()", "o.a = 1", "o.b = 1", "(o.a, o.b)").size() == 4);
  CHECK(seen("class A: a = b = 0", "A.a = 1", "A.b = 1", "(A.a, A.b)").size() == 4);
  CHECK(seen("class A:\n    def __init__(s): s.n = 0\nl = [A(), A()]", "l[0].n = 1", "l[1].n = 1",
             "[o.n for o in l]")
            .size() == 4);
  CHECK(seen("d = {}", "d['a'] = 1", "d['b'] = 1", "sorted(d)").size() == 4);
  CHECK(seen("d = {'a': 0, 'b': 0}", "d['a'] = 1", "d['b'] = 1", "(sum(d.values()), d['a'])").size() == 4);
  CHECK(seen("l = [0, 0]", "l[0] = 1", "l.append(2)", "tuple(l)").size() == 4);
  CHECK(seen("s = {0}", "s.add(1)", "s.clear()", "sorted(s)").size() == 4);  // 0; 0 1; nothing; 1
  CHECK(seen("def make():\n    n = 0\n    def inc():\n        nonlocal n\n        n += 1\n    return inc, "
             "lambda: n\n"
             "inc, get = make()",
             "inc()", "pass", "get()") == Outputs{"0", "1"});
  CHECK(seen("import queue\nq = queue.Queue()", "q.put(1)", "q.get()", "q.qsize()") == Outputs{"0", "1"});
  CHECK(seen("import queue\nq = queue.Queue()", "q.put(1)", "q.get()", "list(q.queue)") ==
        Outputs{"[]", "[1]"});
  CHECK(seen("e, f = threading.Event(), threading.Event()", "e.set()", "f.set()", "(e.is_set(), f.is_set())")
            .size() == 4);
  CHECK(seen("s = threading.Semaphore(2)", "s.acquire()", "s.acquire()", "s._value") ==
        Outputs{"0", "1", "2"});
  CHECK(seen("a, b = threading.Lock(), threading.Lock()", "a.acquire()", "b.acquire()",
             "(a.locked(), b.locked())")
            .size() == 4);
}

TEST_CASE("releases of a semaphore are seen, too") {
  const std::string text = "import raddle, threading\ns = threading.Semaphore(0)\n";
  CHECK(run(text + "raddle.invariant(lambda: s._value < 2)\ns.release(); s.release()\n")
            .fails("does not hold"));
  CHECK(run(text + "raddle.invariant(lambda: s._value < 3)\ns.release(); s.release()\n").problems() == "");
  CHECK(values_of("s = threading.Semaphore(0)\ndef one(): s.release()\ntwo = one\n", "s._value") ==
        Outputs{"0", "1", "2"});
}

TEST_CASE("operations with a timeout on what is looked at") {
  for (const std::string attempt :
       {"lock.acquire(timeout=1)", "items.put(1, timeout=1)", "s.acquire(timeout=1)"}) {
    CAPTURE(attempt);
    const Seen seen = run_against_brute_force(R"(
import queue, raddle, threading
x = 0
lock, s, items = threading.Lock(), threading.Semaphore(1), queue.Queue(1)
raddle.invariant(lambda: lock.locked() or s._value < 1 or items.qsize() or x < 2)
def one():
    global x
    x = 1
    try: )" + attempt + R"(
    except queue.Full: pass
two = one
)" + kRun);
    CHECK(seen.problems() == "");
    CHECK(seen.exhausted);
  }
}

TEST_CASE("a lock says when it is to hold") {
  const std::string text = R"(
import threading, raddle
lock = threading.Lock()
x = y = 5
def move():
    global x, y
    with lock:
        x -= 1
        y += 1
one = two = move
)";
  CHECK(run(text + "raddle.invariant(lambda: lock.locked() or x + y == 10)\n" + kRun).problems() == "");
  CHECK(run(text + "raddle.invariant(lambda: x + y == 10)\n" + kRun).fails("does not hold"));
}

TEST_CASE("a function that does more than look is refused") {
  CHECK(is_refused("numbers.append(2)", "changes numbers; it may only look"));
  CHECK(is_refused("x = 2", "changes x"));
  CHECK(is_refused("print(x)", "writes output"));
  CHECK(is_refused("threading.Lock().acquire()", "keeps a lock"));
  CHECK(is_refused("condition.acquire(blocking=False)", "keeps a lock"));
  CHECK(is_refused("lock.release()", "releases a lock"));
  CHECK(is_refused("with condition: condition.notify()", "notifies a condition"));
  CHECK(is_refused("with condition: condition.notify_all()", "notifies a condition"));
  CHECK(is_refused("with condition: condition.wait()", "waits for what others do"));
  CHECK(is_refused("time.sleep(1)", "sleeps"));
  CHECK(is_refused("threading.Thread(target=print).start()", "starts a thread"));
  CHECK(is_refused("thread.is_alive()", "asks whether a thread is alive"));
  CHECK(is_refused("thread.join()", "waits for a thread"));
  CHECK(is_refused("raddle.invariant(look)", "adds an invariant"));
  // What it makes itself is its own.
  CHECK(!is_refused("own = {}; own['x'] = x; l = [1]; l.append(own); l.sort(key=len) if 0 else l.pop()",
                    "changes"));
  CHECK(!is_refused("import types; o = types.SimpleNamespace(); o.x = 1; o.x += 1", "changes"));
}

TEST_CASE("where a lock that an invariant needs is held, the invariant waits until it is released") {
  for (const char* kind : {"Lock", "RLock", "Condition"}) {
    const std::string text = std::string(R"(
import threading, raddle
lock = threading.)") + kind + R"(()
x = y = 5
def move():
    global x, y
    with lock:
        x -= 1
        y += 1
def lose():
    global x
    with lock: x -= 1
def total():
    with lock: return x + y == 10
)";
    CAPTURE(kind);
    const std::string ask = "raddle.invariant(total)\n";
    const Seen seen = run_against_brute_force(text + "one = two = move\n" + ask + kRun, false);
    CHECK(seen.problems() == "");
    CHECK(run(text + "one, two = move, lose\n" + ask + kRun).fails("does not hold"));
  }
}

TEST_CASE("the lock of a condition that somebody waits for can be looked at") {
  const std::string text = R"(
import threading, raddle
condition = threading.Condition(threading.Lock())
done = False
def one():
    with condition:
        if not done: condition.wait(timeout)
def two():
    global done
    with condition:
        done = True
        condition.notify()
)";
  for (const char* timeout : {"timeout = None", "timeout = 1"}) {
    const std::string program = text + timeout + "\n";
    const Seen seen = run_against_brute_force(
        program + "raddle.invariant(lambda: condition._lock.locked() or True)\n" + kRun, false);
    CHECK(seen.problems() == "");
    CHECK(run(program + "raddle.invariant(lambda: not done)\n" + kRun).fails("does not hold"));
    CHECK(run(program + "raddle.invariant(lambda: condition._lock.locked() or not done)\n" + kRun)
              .fails("does not hold"));
  }
}

TEST_CASE("a queue that runs step by step can be looked at") {
  const std::string text = R"(
import threading, queue, raddle
class Own(queue.Queue):
    def _put(self, item): self.queue.append(item)
def one(): q.put(1)
def two(): q.put(2)
)";
  for (const char* kind : {"Own()", "queue.Queue()"}) {
    const How how{.fine = true};
    const std::string program = text + "q = " + kind + "\n";
    CHECK(run(program + "raddle.invariant(lambda: q.qsize() < 3)\n" + kRun, how).problems() == "");
    CHECK(run(program + "raddle.invariant(lambda: q.qsize() < 2)\n" + kRun, how).fails("does not hold"));
  }
}

TEST_CASE("random programs: brute force sees no other states") {
  static const char* const expressions[] = {"(x, y)",
                                            "(o.a, o.b)",
                                            "(x, len(l))",
                                            "(l[0] if l else None, x)",
                                            "sorted(d.items())",
                                            "d.get('k')",
                                            "(get(), x)",
                                            "(m.locked(), x)",
                                            "(sum(l), o.a)",
                                            "(o.p, bool(o))",
                                            "(sorted(s), sorted(l))",
                                            "vars(o).get('a')",
                                            "([*l], d.get('j'))",
                                            "max(l, default=0)",
                                            "('i' in d, y)"};
  const long count = setting("RADDLE_PYTHON_PROGRAMS", 15), begin = setting("RADDLE_PYTHON_SEED", 1);
  for (long seed = begin; seed < begin + count; ++seed) {
    const std::string expression = expressions[static_cast<std::size_t>(seed) % std::size(expressions)];
    const auto program = [&](const std::string& invariant) {
      return random_program(static_cast<unsigned>(seed), invariant);
    };
    CAPTURE(expression);
    CAPTURE(program(""));
    const Outputs values = values_of(expression, program, {});
    CHECK(values == values_of(expression, program, {.search = Search::Brute}));
    run_against_brute_force(program(tell(expression, values)), false);
  }
}
