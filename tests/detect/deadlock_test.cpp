// When executions are deadlocks, and which deadlocks are the same.
#include "checker/detect/deadlock.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would
using namespace std::chrono_literals;

namespace {

Options all() {
  Options o;
  o.all = true;
  return o;
}

std::vector<const Finding*> deadlocks(const Result& r) {
  std::vector<const Finding*> found;
  for (const Finding& f : r.findings)
    if (f.kind == "deadlock") found.push_back(&f);
  return found;
}

/// Two threads that take two mutexes in opposite order.
void opposite(mutex& m, mutex& n) {
  thread a([&] {
    lock_guard first(m);
    lock_guard second(n);
  });
  thread b([&] {
    lock_guard first(n);
    lock_guard second(m);
  });
  a.join();
  b.join();
}

}  // namespace

TEST_CASE("some threads stuck for ever is a deadlock, even if others have ended") {
  const Result r = check(
      [] {
        counting_semaphore<> s(1);
        auto f = [&] { s.acquire(); };
        thread a(f), b(f);
        a.detach();
        b.detach();
        variable<int> x;
        x.store(1);
        a = thread([] {});
        a.join();
        s.acquire();
      },
      all());
  CHECK(r.deadlocks == r.executions);
  for (const Finding* f : deadlocks(r)) CHECK(f->trace.blocked.size() == 2);
}

TEST_CASE("a thread that can still time out is not stuck") {
  auto program = [] {
    timed_mutex m;
    m.lock();
    thread t([&] { (void)m.try_lock_for(1s); });
    t.join();
    m.unlock();
  };
  CHECK(check(program, all()).deadlocks == 0);
  Options never = all();
  never.timeouts = false;
  const Result r = check(program, never);
  CHECK(r.deadlocks == 1);
  CHECK(r.executions == 1);
}

TEST_CASE("an execution that was cut is no deadlock") {
  Options o = all();
  o.max_steps = 20;
  const Result r = check(
      [] {
        atomic<int> x;
        counting_semaphore<> s(0);
        thread stuck([&] { s.acquire(); });
        thread spinning([&] {
          while (x.load() == 0) {
          }
        });
        stuck.join();
        spinning.join();
      },
      o);
  CHECK(r.deadlocks == 0);
  CHECK(r.truncated == r.executions);
  CHECK(deadlocks(r).empty());
}

TEST_CASE("an exit leaves nobody stuck") {
  const Result r = check(
      [] {
        counting_semaphore<> s(0);
        engine::Engine& e = *engine::Engine::current();
        const engine::Tid daemon = e.spawn(true);
        e.body(daemon).set([&] { s.acquire(); });
        e.exit(false, {});
      },
      all());
  CHECK(r.deadlocks == 0);
  CHECK(r.verdict == Verdict::clean);
}

TEST_CASE("the same places and objects are the same deadlock, whichever threads are stuck there") {
  const Result r = check(
      [] {
        counting_semaphore<> s(2);
        auto f = [&] {
          s.acquire();
          s.acquire();
        };
        thread a(f), b(f);
        a.join();
        b.join();
        thread c(f), d(f);
        c.join();
        d.join();
      },
      all());
  const auto found = deadlocks(r);
  // Both have one unit and wait for the other; or the first has both, and the second waits for its first.
  REQUIRE(found.size() == 2);
  CHECK(found[0]->count + found[1]->count == r.deadlocks);
  CHECK(r.deadlocks == r.executions);
}

TEST_CASE("other places or other objects are another deadlock") {
  const Result r = check(
      [] {
        mutex m("m"), n("n"), o("o");
        if (choose(2))
          opposite(m, n);
        else
          opposite(m, o);
      },
      all());
  const auto found = deadlocks(r);
  REQUIRE(found.size() == 2);
  CHECK(found[0]->count == 1);
  CHECK(found[1]->count == 1);
  CHECK(found[0]->message != found[1]->message);
}

TEST_CASE("a deadlock of threads that wait for each other's end") {
  const Result r = check(
      [] {
        engine::Engine& e = *engine::Engine::current();
        static engine::Tid first, second;
        first = e.spawn();
        second = e.spawn();
        e.body(first).set([&e] { e.join(second); });
        e.body(second).set([&e] { e.join(first); });
      },
      all());
  CHECK(r.executions == 1);
  CHECK(r.deadlocks == 1);
  REQUIRE(r.find("deadlock"));
  CHECK(r.find("deadlock")->message ==
        "Each waits for the next: t1 waits for t2 to end; t2 waits for t1 to end.");
}

TEST_CASE("a cycle of mutexes is a deadlock even if the process ends") {
  // Others that go on: the main thread, which does not wait for the two.
  auto program = [](bool cycle) {
    return [cycle] {
      engine::Engine& e = *engine::Engine::current();
      static engine::ObjectId ids[2];
      for (engine::ObjectId& id : ids) id = engine::Mutex(e).id();
      for (int i = 0; i < 2; ++i)
        e.body(e.spawn(true)).set([&e, i, cycle] {
          engine::Mutex first(ids[cycle ? i : 0]), second(ids[cycle ? 1 - i : 1]);
          try {
            if (first.lock(e, here()) && second.lock(e, here()) && second.unlock(e, here()))
              first.unlock(e, here());
          } catch (...) {  // killed
          }
        });
      e.exit(false, here());
    };
  };
  const Result r = check(program(true), all());
  REQUIRE(deadlocks(r).size() == 1);
  CHECK(r.deadlocks == 0);  // no execution ends in one
  CHECK(deadlocks(r)[0]->count == 1);
  CHECK(deadlocks(r)[0]->trace.blocked.size() == 2);
  CHECK(deadlocks(r)[0]->message.starts_with("Each waits for the next: t1 waits for "));
  CHECK(deadlocks(check(program(false), all())).empty());
}

TEST_CASE("main alone can be stuck") {
  const Result r = check([] {
    binary_semaphore s(0, "s");
    s.acquire();
  });
  REQUIRE(r.find("deadlock"));
  CHECK(r.find("deadlock")->line == __LINE__ - 3);
}
