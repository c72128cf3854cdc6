// What threading.Barrier can do, as its code says: who arrives last, who breaks it, and when the others notice.
#include "tests/python/support.h"

using namespace raddle::python::test;

namespace {

// Two threads and main: `arrive` is what each of the two does, B a broken barrier, Z a failing action.
std::string program(const std::string& setup, const std::string& t1, const std::string& t2,
                    const std::string& main) {
  return R"(
import threading
results = {}
def attempt(name, body):
    try:
        results[name] = str(body())
    except threading.BrokenBarrierError:
        results[name] = 'B'
    except ZeroDivisionError:
        results[name] = 'Z'
)" + setup +
         "\nt1 = threading.Thread(target=attempt, args=('t1', lambda: " + t1 +
         "))\nt2 = threading.Thread(target=attempt, args=('t2', lambda: " + t2 +
         "))\nt1.start()\nt2.start()\nattempt('main', lambda: " + main +
         ")\nt1.join()\nt2.join()\nprint(results['t1'], results['t2'], results['main'])\n";
}

Seen outcomes(const std::string& text) {
  const Seen seen = run_against_brute_force(text, false);
  CHECK(seen.exhausted);
  CHECK(seen.failures.empty());
  return seen;
}

}  // namespace

TEST_CASE("somebody arrives last, and knows") {
  const Seen seen = outcomes(program("b = threading.Barrier(2)", "b.wait()", "b.wait()", "None"));
  CHECK(seen.distinct() == Outputs{"0 1 None\n", "1 0 None\n"});
  CHECK(seen.deadlocks == 0);
}

TEST_CASE("a barrier that is aborted breaks for who has not woken up, even if it was full") {
  const Seen seen = outcomes(program("b = threading.Barrier(2)", "b.wait()", "b.wait()", "b.abort()"));
  CHECK(seen.distinct() == Outputs{"0 1 None\n", "1 0 None\n", "B B None\n", "B 1 None\n", "1 B None\n"});
  CHECK(seen.deadlocks == 0);
}

TEST_CASE("a reset breaks it for those who wait, and nobody else comes") {
  const Seen seen =
      outcomes(program("b = threading.Barrier(2)", "b.wait()", "None", "b.reset() or b.wait()"));
  // main drains the barrier, and waits for ever; else nobody had come before the reset.
  CHECK(seen.distinct() == Outputs{"", "0 None 1\n", "1 None 0\n"});
  CHECK(seen.deadlocks > 0);
}

TEST_CASE("a timeout breaks it for everybody, or comes too late") {
  const Seen seen = outcomes(program("b = threading.Barrier(2)", "b.wait(1)", "b.wait()", "None"));
  CHECK(seen.distinct() == Outputs{"0 1 None\n", "1 0 None\n", "B B None\n"});
  CHECK(seen.deadlocks == 0);
}

TEST_CASE("the action runs in the last thread, before anybody goes on") {
  const std::string setup = R"(
log = []
b = threading.Barrier(2, lambda: log.append(threading.current_thread().name))
def through(name):
    i = b.wait()
    return f'{i}{name == log[0]}{len(log)}'
)";
  const Seen seen = outcomes(program(setup, "through(t1.name)", "through(t2.name)", "None"));
  CHECK(seen.distinct() == Outputs{"0False1 1True1 None\n", "1True1 0False1 None\n"});
}

TEST_CASE("an action that fails breaks it") {
  const Seen seen =
      outcomes(program("b = threading.Barrier(2, lambda: 1 / 0)", "b.wait()", "b.wait()", "None"));
  CHECK(seen.distinct() == Outputs{"B Z None\n", "Z B None\n"});
  CHECK(seen.deadlocks == 0);
}

TEST_CASE("who looks sees how many wait, and whether it is broken") {
  Seen seen = outcomes(program("b = threading.Barrier(2)", "b.wait()", "b.n_waiting", "b.wait()"));
  CHECK(seen.distinct() == Outputs{"0 0 1\n", "0 1 1\n", "1 0 0\n", "1 1 0\n"});
  seen = outcomes(program("b = threading.Barrier(2)", "b.wait()", "b.broken", "b.abort()"));
  CHECK(seen.distinct() == Outputs{"B False None\n", "B True None\n"});
}

TEST_CASE("notify wakes who has waited longest, with a timeout and without") {
  for (const char* timeout : {"", "timeout=1"}) {
    const std::string text = R"(
import threading
c = threading.Condition()
log = []
arrived = []
def wait(name):
    with c:
        arrived.append(name)
        if c.wait()" + std::string(timeout) +
                             R"():
            log.append(name)
threads = [threading.Thread(target=wait, args=(n,)) for n in 'ab']
for t in threads: t.start()
with c:
    before = list(arrived)
    c.notify()
for t in threads: t.join(1)
with c:
    print(before, log)
    c.notify_all()
)";
    const Seen seen = run(text);
    CHECK(seen.exhausted);
    for (const auto& [output, count] : seen.outputs) {
      CAPTURE(output);
      // Who has given up has left the line.
      const bool overtaken = output.starts_with("['a', 'b'] ['b'") || output.starts_with("['b', 'a'] ['a'");
      if (!*timeout) CHECK(!overtaken);
    }
    CHECK(seen.outputs.contains("['a', 'b'] ['a']\n"));
    CHECK(seen.outputs.contains("['b', 'a'] ['b']\n"));
  }
}
