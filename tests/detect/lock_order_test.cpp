// Predicted deadlocks: which cycles are real, which cannot happen, and what is said of those that were not reached.
#include "checker/detect/lock_order.h"

#include <string>

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would

namespace {

/// Few enough executions to miss a deadlock.
Options one_sample(std::uint64_t seed) {
  Options o;
  o.strategy = Strategy::random;
  o.runs = 1;
  o.seed = seed;
  o.all = true;
  return o;
}

Options all() {
  Options o;
  o.all = true;
  return o;
}

const Finding* find(const Result& r, const std::string& kind) {
  for (const Finding& f : r.findings)
    if (f.kind == kind) return &f;
  return nullptr;
}

void take(mutex& first, mutex& second) {
  lock_guard a(first);
  lock_guard b(second);
}

/// `between` runs between the start of the two.
template <class F>
void opposite(F&& between) {
  mutex m("m"), n("n");
  thread a([&] { take(m, n); });
  between(a);
  thread b([&] { take(n, m); });
  if (a.joinable()) a.join();
  b.join();
}

void opposite() {
  opposite([](thread&) {});
}

/// A seed whose first execution does not deadlock.
template <class F>
std::uint64_t harmless_seed(const F& program) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Options o = one_sample(seed);
    if (const Result r = check(program, o); r.deadlocks == 0) return seed;
  }
  FAIL("every seed deadlocks");
  return 0;
}

}  // namespace

TEST_CASE("a cycle seen in an execution that does not deadlock is driven into the deadlock") {
  const std::uint64_t seed = harmless_seed([] { opposite(); });
  const Result r = check([] { opposite(); }, one_sample(seed));
  CHECK(r.executions == 1);
  CHECK(r.deadlocks == 0);  // of the sample
  const Finding* f = find(r, "deadlock");
  REQUIRE(f);
  CHECK(f->severity == "error");
  CHECK(f->trace.blocked.size() == 3);  // and main, in join
  CHECK(f->trace.explanation.find("on purpose") != std::string::npos);
  CHECK_FALSE(find(r, "lock-order"));
}

TEST_CASE("three threads round a table") {
  auto table = [] {
    mutex a, b, c;
    thread x([&] { take(a, b); }), y([&] { take(b, c); }), z([&] { take(c, a); });
    x.join(), y.join(), z.join();
  };
  const Result r = check(table, one_sample(harmless_seed(table)));
  CHECK(find(r, "deadlock"));
}

namespace {

/// One thread takes a mutex and a semaphore, the other one the semaphore and what `inner` takes.
void with_semaphore(int units, mutex& m, mutex& inner, bool other_order = true) {
  counting_semaphore<2> s(units);
  thread a([&] {
    lock_guard g(m);
    s.acquire();
    s.release();
  });
  thread b([&] {
    if (other_order) {
      s.acquire();
      lock_guard g(inner);
      s.release();
    } else {
      lock_guard g(inner);
      s.acquire();
      s.release();
    }
  });
  a.join(), b.join();
}

}  // namespace

TEST_CASE("a semaphore of one, given back by who has taken it, is a lock") {
  auto opposite = [] {
    mutex m("m");
    with_semaphore(1, m, m);
  };
  const Result r = check(opposite, one_sample(harmless_seed(opposite)));
  const Finding* f = find(r, "deadlock");
  REQUIRE(f);
  CHECK(f->trace.explanation.find("on purpose") != std::string::npos);
  auto two_semaphores = [] {
    binary_semaphore s(1), t(1);
    auto both = [](binary_semaphore& first, binary_semaphore& second) {
      first.acquire();
      second.acquire();
      second.release();
      first.release();
    };
    thread a([&] { both(s, t); }), b([&] { both(t, s); });
    a.join(), b.join();
  };
  CHECK(find(check(two_semaphores, one_sample(harmless_seed(two_semaphores))), "deadlock"));

  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    CHECK(check(
              [] {
                mutex m;
                with_semaphore(2, m, m);
              },
              one_sample(seed))
              .findings.empty());
    CHECK(check(
              [] {
                mutex m;
                with_semaphore(1, m, m, false);
              },
              one_sample(seed))
              .findings.empty());
    CHECK(check(
              [] {
                mutex m, n;
                with_semaphore(1, m, n);
              },
              one_sample(seed))
              .findings.empty());
  }
}

TEST_CASE("a semaphore that another thread gives back is no lock") {
  auto program = [] {
    mutex m;
    binary_semaphore s(1), ready(0);
    thread a([&] {
      s.acquire();
      lock_guard g(m);
      ready.release();
    });
    thread b([&] {
      ready.acquire();
      s.release();
      lock_guard g(m);
      s.acquire();
      s.release();
    });
    a.join(), b.join();
  };
  for (std::uint64_t seed = 0; seed < 5; ++seed) CHECK(check(program, one_sample(seed)).findings.empty());
}

TEST_CASE("the same order is no cycle") {
  auto program = [] {
    mutex m, n;
    thread a([&] { take(m, n); }), b([&] { take(m, n); });
    a.join(), b.join();
  };
  CHECK(check(program, one_sample(0)).findings.empty());
  CHECK(check(program, all()).findings.empty());
}

TEST_CASE("one thread in both orders is no cycle") {
  auto program = [] {
    mutex m, n;
    thread a([&] {
      take(m, n);
      take(n, m);
    });
    a.join();
  };
  CHECK(check(program, all()).findings.empty());
}

TEST_CASE("a gate lock keeps the threads apart") {
  auto program = [] {
    mutex gate, m, n;
    auto f = [&](mutex& first, mutex& second) {
      lock_guard g(gate);
      take(first, second);
    };
    thread a([&] { f(m, n); }), b([&] { f(n, m); });
    a.join(), b.join();
  };
  CHECK(check(program, one_sample(0)).findings.empty());
  CHECK(check(program, all()).findings.empty());
}

TEST_CASE("a lock with a timeout ends a deadlock") {
  auto program = [] {
    mutex m;
    timed_mutex n;
    thread a([&] {
      lock_guard g(m);
      if (n.try_lock_for(std::chrono::seconds(1))) n.unlock();
    });
    thread b([&] {
      lock_guard g(n);
      lock_guard h(m);
    });
    a.join(), b.join();
  };
  CHECK(check(program, all()).findings.empty());
  CHECK(check(program, one_sample(0)).findings.empty());
}

TEST_CASE("a join puts the two in order") {
  auto program = [] { opposite([](thread& a) { a.join(); }); };
  CHECK(check(program, one_sample(0)).findings.empty());
  CHECK(check(program, all()).findings.empty());
}

TEST_CASE("a message puts the two in order: a warning where not all was explored, a note where it was") {
  auto program = [] {
    mutex m("m"), n("n");
    binary_semaphore done(0);
    thread a([&] {
      take(m, n);
      done.release();
    });
    thread b([&] {
      done.acquire();
      take(n, m);
    });
    a.join(), b.join();
  };
  const Result sampled = check(program, one_sample(0));
  CHECK_FALSE(find(sampled, "deadlock"));
  const Finding* f = find(sampled, "lock-order");
  REQUIRE(f);
  CHECK(f->severity == "warning");
  CHECK(f->message.find("holds m and acquires n") != std::string::npos);
  CHECK(f->message.find("holds n and acquires m") != std::string::npos);
  CHECK(sampled.executions == 1);

  const Result complete = check(program, all());
  f = find(complete, "lock-order");
  REQUIRE(f);
  CHECK(f->severity == "note");
  CHECK(f->message.find("No interleaving") != std::string::npos);
}

TEST_CASE("a deadlock that the search has found is not predicted as well") {
  const Result r = check([] { opposite(); }, all());
  CHECK(find(r, "deadlock"));
  CHECK_FALSE(find(r, "lock-order"));
}

TEST_CASE("the witness of a deadlock that was predicted replays") {
  const std::uint64_t seed = harmless_seed([] { opposite(); });
  const Result r = check([] { opposite(); }, one_sample(seed));
  const Finding* f = find(r, "deadlock");
  REQUIRE(f);
  CHECK(f->count == 1);
  CHECK(f->trace.outcome == "deadlock");
}

TEST_CASE("what one execution has acquired is no part of a cycle in another") {
  const Result r = check(
      [] {
        mutex m("m"), n("n");
        variable<int> x;
        if (choose(2) == 0) {
          thread a([&] { take(m, n); });
          a.join();
          return;
        }
        thread before([&] {  // where in the other execution there were locks
          for (int i = 1; i <= 5; ++i) x.store(i);
        });
        thread b([&] {
          if (x.load() == 5) take(n, m);
        });
        before.join();
        b.join();
      },
      all());
  CHECK(r.executions == 7);
  CHECK(r.findings.empty());
}
