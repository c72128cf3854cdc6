// time and what depends on it.
#include <doctest/doctest.h>

#include "support.h"

using namespace raddle::python::test;

TEST_CASE("time passes where a thread sleeps, and nowhere else") {
  const Seen seen = run(R"(
import time
start, wall, counter = time.monotonic(), time.time(), time.perf_counter_ns()
for _ in range(10): assert time.monotonic() == start
time.sleep(2.5)
assert time.monotonic() - start >= 2.5 and time.time() - wall >= 2.5  # whatever is rounded
print(f'{time.monotonic() - start:.3f} {time.time() - wall:.3f}', time.perf_counter_ns() - counter, wall)
for wrong in (-1, 'x', float('nan')):
    try: time.sleep(wrong)
    except (ValueError, TypeError) as e: print(type(e).__name__)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() ==
        Outputs{"2.500 2.500 2500001000 1700000000.0\nValueError\nTypeError\nValueError\n"});
}

TEST_CASE("sleeping orders nothing") {
  const Seen seen = run(R"(
import threading, time
x = 0
def work(seconds):
    global x
    time.sleep(seconds)
    x = seconds
threads = [threading.Thread(target=work, args=(s,)) for s in (1, 2)]
for t in threads: t.start()
for t in threads: t.join()
print(x)
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 2);
  CHECK(seen.distinct() == Outputs{"1\n", "2\n"});
}

TEST_CASE("the virtual clock ends sleeps in the order of their times") {
  const std::string text = R"(
import threading, time
order = []
def work(seconds):
    time.sleep(seconds)
    order.append((seconds, round(time.monotonic() - start, 3)))
start = time.monotonic()
threads = [threading.Thread(target=work, args=(s,)) for s in (3, 1, 2)]
for t in threads: t.start()
for t in threads: t.join()
print(order)
)";
  const Seen seen = run(text, {.search = Search::Random, .runs = 100, .virtual_clock = true});
  CHECK(seen.distinct() == Outputs{"[(1, 1.0), (2, 2.0), (3, 3.0)]\n"});
  CHECK(seen.failures.empty());
  CHECK(seen.complete == 100);
}

TEST_CASE("the virtual clock lets a timeout expire only when nothing else can happen") {
  const std::string text = R"(
import threading, time, queue
q = queue.Queue()
def work():
    time.sleep(1)
    q.put('item')
t = threading.Thread(target=work); t.start()
try: print(q.get(timeout=WAIT))
except queue.Empty: print('empty', time.monotonic() > 0)
t.join()
)";
  auto with = [&](const char* wait) {
    std::string program = text;
    program.replace(program.find("WAIT"), 4, wait);
    return run(program, {.search = Search::Random, .runs = 50, .virtual_clock = true}).distinct();
  };
  CHECK(with("5") == Outputs{"item\n"});
  CHECK(with("0.5") == Outputs{"empty True\n"});
}

TEST_CASE("the clock is a function of what a thread has done") {
  const Seen seen = run(R"(
import threading, time
def work():
    before = time.monotonic()
    time.sleep(1)
    assert time.monotonic() - before >= 1
threads = [threading.Thread(target=work) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
)");
  CHECK(seen.problems() == "");
  CHECK(seen.executions == 1);
}

TEST_CASE("who waits for the clock to move on gets there") {
  const Seen seen = run(R"(
import time
end = time.monotonic() + 0.1
while time.monotonic() < end: pass
print('end')
)");
  CHECK(seen.problems() == "");
  CHECK(seen.distinct() == Outputs{"end\n"});
}

TEST_CASE("datetime") {
  CHECK(
      run("import datetime as d\nprint(d.datetime.now(d.timezone.utc), d.datetime.utcnow(), d.date.today())")
          .distinct() == Outputs{"2023-11-14 22:13:20+00:00 2023-11-14 22:13:20 2023-11-14\n"});
}
