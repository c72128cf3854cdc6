// What findings say. The sentences about lost updates, lock cycles, one's own lock, lost wake-ups and vanished holders
// are also checked in tests/api/detection_test.cpp.
#include "checker/detect/describe.h"

#include <stdexcept>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/event.h"
#include "checker/explore/checker.h"
#include "raddle/raddle.h"
#include "tests/support/queue.h"
#include "tests/support/search.h"

using namespace raddle;  // NOLINT: as a model would
using engine::Engine;
using engine::TraceBlocked;
using engine::TraceEvent;
using engine::TraceFinding;

namespace {

template <class F>
std::vector<explore::CheckedFinding> findings(const F& program) {
  Engine e;
  test::Model<F> model(program);
  return explore::check(e, model, {}).findings;
}

/// The only finding.
template <class F>
explore::CheckedFinding finding(const F& program) {
  auto all = findings(program);
  REQUIRE(all.size() == 1);
  return std::move(all[0]);
}
template <class F>
std::string message(const F& program) {
  return finding(program).finding.message;
}

std::vector<std::string> marks(const explore::CheckedFinding& f) {
  std::vector<std::string> all;
  for (const TraceEvent& e : f.trace.events)
    if (!e.mark.empty()) all.push_back(std::to_string(e.step) + ' ' + e.mark);
  return all;
}

const TraceEvent& at(const explore::CheckedFinding& f, int step) {
  return f.trace.events[static_cast<std::size_t>(step - 1)];
}

auto counter(const char* label = "x") {
  return [label] {
    variable<int> x(0, label);
    auto f = [&] { x.store(x.load() + 1); };
    thread a(f), b(f);
    a.join();
    b.join();
  };
}

}  // namespace

TEST_CASE("what a blocked thread waits for") {
  CHECK(message([] {
          raddle::queue<int> q(1);
          q.get();
        }).find("main waits for an item in object 0#0, which is empty") != std::string::npos);
  CHECK(message([] {
          raddle::queue<int> q(1);
          q.put(1);
          q.put(2);
        }).find("main waits for room in object 0#0, which is full") != std::string::npos);
  CHECK(message([] {
          counting_semaphore<> s(0, "units");
          s.acquire();
        }) == "No thread can go on: main waits for units, whose count is 0.");
  CHECK(message([] { engine::Event(*Engine::current()).wait(*Engine::current(), here()); }) ==
        "No thread can go on: main waits for object 0#0 to be set.");
  CHECK(message([] {
          barrier<> b(2, {}, "start");
          b.arrive_and_wait();
        }) == "No thread can go on: main waits at start for others to arrive.");
  CHECK(message([] {
          mutex m("m");
          condition_variable c("ready");
          unique_lock lock(m);
          c.wait(lock);
        }) == "No thread can go on: main waits on ready for a notification.");
}

TEST_CASE("who waits for a thread that is stuck itself is mentioned only if that is all there is") {
  const auto f = finding([] {
    counting_semaphore<> s(0, "units");
    thread t([&] { s.acquire(); });
    t.join();
  });
  CHECK(f.finding.message == "No thread can go on: t1 waits for units, whose count is 0.");
  CHECK(f.finding.title == "units");
  CHECK(f.finding.threads.size() == 2);
  REQUIRE(f.trace.blocked.size() == 2);
  for (const TraceBlocked& b : f.trace.blocked)
    if (b.operation == "join") CHECK(b.reason == "main waits for t1 to end");
}

TEST_CASE("a cycle names its threads in order, and marks where each got what the next wants") {
  const auto f = finding([] {
    mutex m[3] = {mutex("m0"), mutex("m1"), mutex("m2")};
    auto philosopher = [&](int i) {
      return [&m, i] {
        m[i].lock();
        m[(i + 1) % 3].lock();
        m[(i + 1) % 3].unlock();
        m[i].unlock();
      };
    };
    thread a(philosopher(0)), b(philosopher(1)), c(philosopher(2));
    a.join();
    b.join();
    c.join();
  });
  CHECK(f.finding.message ==
        "Each waits for the next: t1 waits for m1, held by t2; t2 waits for m2, held by t3; t3 waits for m0, "
        "held by t1.");
  CHECK(f.finding.detail == "cycle: t1 -> t2 -> t3 -> t1");
  REQUIRE(f.finding.steps.size() == 3);
  for (int step : f.finding.steps) {
    CHECK(at(f, step).mark == "holds");
    CHECK(at(f, step).operation == "lock");
  }
  CHECK(f.finding.site == f.trace.blocked[1].site);  // t1; main, which joins, comes first
}

TEST_CASE("whoever waits behind a cycle is not part of it") {
  const auto f = finding([] {
    mutex m("m");
    thread t([&] {
      m.lock();
      m.lock();
    });
    thread u([&] { t.join(); });
    u.join();
  });
  CHECK(f.finding.message == "t1 waits for m, which it holds itself. It can never go on.");
  CHECK(f.finding.detail == "cycle: t1 -> t1");
  CHECK(f.finding.title == "m");
}

TEST_CASE("a lock that its holder took by a try-lock or by waking up is marked there") {
  const auto tried = finding([] {
    mutex m("m");
    thread t([&] { (void)m.try_lock(); });
    t.join();
    m.lock();
  });
  REQUIRE(tried.finding.steps.size() == 1);
  CHECK(at(tried, tried.finding.steps[0]).operation == "try-lock");
  CHECK(tried.finding.message.find("holder gone") != std::string::npos);
}

TEST_CASE("a lost wake-up is marked at the notification that nobody heard") {
  const auto f = finding([] {
    mutex m("m");
    condition_variable c("c");
    c.notify_one();
    unique_lock lock(m);
    thread t([&] { c.notify_all(); });
    t.join();
    c.wait(lock);
  });
  // main's own notification is not meant: the other thread's is.
  CHECK(f.finding.message.find("by t1 came before it waited, and woke nobody (lost wakeup)") !=
        std::string::npos);
  REQUIRE(f.finding.steps.size() == 1);
  CHECK(at(f, f.finding.steps[0]).operation == "notify-all");
  CHECK(at(f, f.finding.steps[0]).mark == "lost-wakeup");
}

TEST_CASE("a lost update names both writes, and the order that would have been right") {
  const auto f = finding(counter());
  CHECK(f.finding.kind == "lost-update");
  CHECK(f.finding.title == "x");
  REQUIRE(f.finding.steps.size() == 3);
  const int read = f.finding.steps[0], overwritten = f.finding.steps[1], write = f.finding.steps[2];
  CHECK(read < overwritten);
  CHECK(overwritten < write);
  CHECK(marks(f) == std::vector<std::string>{std::to_string(read) + " stale-read",
                                             std::to_string(overwritten) + " overwritten",
                                             std::to_string(write) + " lost-update"});
  CHECK(f.finding.site == at(f, write).site);
  CAPTURE(f.trace.explanation);
  CHECK(f.trace.explanation.find("read of x") != std::string::npos);
  CHECK(f.trace.explanation.find("(step " + std::to_string(read) + ", 0) had come after") !=
        std::string::npos);
  CHECK(f.finding.threads == std::vector<int>{at(f, write).thread, at(f, overwritten).thread});
}

TEST_CASE("a lost update of different values says which") {
  CHECK(message([] {
          variable<int> x(0, "x");
          thread a([&] { x.store(x.load() + 1); });
          thread b([&] { x.store(10); });
          a.join();
          b.join();
        }).find("t1 had read 0 and wrote 1 over 10") != std::string::npos);
}

TEST_CASE("failures are described by kind") {
  const auto assertion = finding([] { require(false, "books balance"); });
  CHECK(assertion.finding.kind == "assertion");
  CHECK(assertion.finding.message == "An assertion fails in main: books balance");
  CHECK(assertion.finding.title == "books balance");
  CHECK(assertion.finding.site.line == __LINE__ - 4);
  const auto nameless = finding([] { require(false); });
  CHECK(nameless.finding.message == "An assertion fails in main.");
  CHECK(nameless.finding.title == "assertion failed");

  const auto exception = finding([] { thread([] { throw std::out_of_range("too far"); }).join(); });
  CHECK(exception.finding.kind == "exception");
  CHECK(exception.finding.message == "Uncaught in t1: std::out_of_range: too far");
  CHECK(exception.finding.title == "std::out_of_range");
  const auto number = finding([] { throw 5; });
  CHECK(number.finding.message == "Uncaught in main: int");

  const auto misuse = finding([] {
    mutex m("m");
    m.unlock();
  });
  CHECK(misuse.finding.kind == "misuse");
  CHECK(misuse.finding.message == "main: a thread unlocks a mutex that it does not own.");
  CHECK(misuse.finding.title == "m");

  auto kind_of = [](engine::Failure::Kind kind) {
    return finding([kind] {
             engine::Failure f;
             f.kind = kind;
             f.type = "type";
             f.message = "message";
             Engine::current()->fail(f);
           })
        .finding;
  };
  CHECK(kind_of(engine::Failure::Kind::ExitStatus).message == "The program ends with exit status message.");
  CHECK(kind_of(engine::Failure::Kind::ExitStatus).kind == "exit-status");
  CHECK(kind_of(engine::Failure::Kind::ExitStatus).title == "message");
  CHECK(kind_of(engine::Failure::Kind::Divergence).message ==
        "main runs on and on without any operation that another thread could notice.");
  CHECK(kind_of(engine::Failure::Kind::Crash).message == "The model crashes in main: message");
}

TEST_CASE("the event that led to a failure is marked") {
  const auto f = finding([] {
    variable<int> x(0, "x");
    thread t([&] {
      x.load();
      x.store(1);
      require(false);
    });
    t.join();
    x.load();
  });
  REQUIRE(f.finding.steps.size() == 1);
  CHECK(at(f, f.finding.steps[0]).operation == "write");
  CHECK(at(f, f.finding.steps[0]).mark == "failure");
}

TEST_CASE("a name made of digits stays what it is, and nameless objects get their place in the family") {
  CHECK(finding(counter("17")).finding.title == "17");
  const auto f = finding(counter(nullptr));
  CHECK(f.finding.title == "variable 0#0");
}

TEST_CASE("a fingerprint is the same for the same finding, and another one for another") {
  auto print = [](const auto& program) { return finding(program).finding.fingerprint; };
  const std::string x = print(counter("x"));
  CHECK(print(counter("x")) == x);
  CHECK(print(counter("y")) != x);
  CHECK(x.find_first_not_of("0123456789abcdef") == std::string::npos);
  auto assertion = [](const char* text) { return [text] { require(false, text); }; };
  // The message may contain values of one execution: it does not count, the place does.
  CHECK(print(assertion("a")) == print(assertion("b")));
  CHECK(print([] { require(false, "a"); }) != print(assertion("a")));
}
