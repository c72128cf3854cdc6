#include "checker/engine/barrier.h"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/search.h"

using namespace raddle::engine;
using raddle::thread;
using raddle::variable;
using raddle::test::search;
using raddle::test::SearchOptions;

namespace {

const auto kNothing = [] {};

constexpr std::uint8_t kBarriers = static_cast<std::uint8_t>(Hidden::Barriers);

Engine& engine() { return *Engine::current(); }

/// Threads that arrive and pass `phases` times.
auto members(int threads, int parties, int phases = 1) {
  return [=] {
    Barrier b(engine(), parties, false);
    std::vector<thread> t;
    for (int i = 0; i < threads; ++i)
      t.emplace_back([&] {
        for (int k = 0; k < phases; ++k) {
          const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
          if (phase == Barrier::kTornDown || !b.pass(engine(), phase)) return;
        }
      });
    for (thread& x : t) x.join();
  };
}

}  // namespace

TEST_CASE("with a fixed set of threads, arriving and passing are no operations") {
  for (int phases : {1, 2, 5}) {
    const auto s = search(members(3, 3, phases));
    CHECK(s.statistics.executions == 1);
    CHECK(s.statistics.events == 0);
    CHECK(s.revealed == 0);
  }
}

TEST_CASE("more threads than parties make arrivals visible") {
  const auto s = search(members(2, 1));
  CHECK(s.revealed == kBarriers);
  CHECK(s.statistics.executions == 2);
  CHECK(s.statistics.events == 4);
}

TEST_CASE("a thread that arrives again before it has passed makes arrivals visible") {
  const auto s = search([] {
    Barrier b(engine(), 2, false);
    b.arrive(engine(), false, {}, kNothing);
    b.arrive(engine(), false, {}, kNothing);
    CHECK(b.phase() == 1);
  });
  CHECK(s.revealed == kBarriers);
  CHECK(s.statistics.events == 2);
}

TEST_CASE("a barrier whose order of arrivals can be seen makes them visible at once") {
  std::set<int> last;
  const auto s = search([&] {
    Barrier b(engine(), 2, true);
    int latest = 0;
    auto f = [&](int me) {
      return [&, me] {
        const std::int32_t phase = b.arrive(engine(), false, {}, [&] { latest = me; });
        if (phase != Barrier::kTornDown && b.pass(engine(), phase)) last.insert(latest);
      };
    };
    thread a(f(1)), c(f(2));
    a.join();
    c.join();
  });
  CHECK(s.revealed == kBarriers);
  CHECK(last == std::set<int>{1, 2});
  CHECK(s.statistics.executions == 2);
}

TEST_CASE("revealed or not, the model sees the same") {
  for (std::uint8_t revealed : {std::uint8_t{0}, kBarriers}) {
    std::set<int> sums;
    const auto s = search(
        [&] {
          Barrier b(engine(), 2, false);
          variable<int> x, y;
          auto f = [&](variable<int>& mine, variable<int>& other) {
            return [&] {
              mine.store(1);
              const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
              if (phase == Barrier::kTornDown || !b.pass(engine(), phase)) return;
              sums.insert(mine.load() + other.load());
            };
          };
          thread a(f(x, y)), c(f(y, x));
          a.join();
          c.join();
        },
        {.revealed = revealed});
    CHECK(sums == std::set<int>{2});
    CHECK(s.statistics.executions == (revealed ? 2 : 1));
  }
}

TEST_CASE("what was done before an arrival happens before what follows a pass, of the same phase only") {
  std::set<std::string> seen;
  search([&] {
    Barrier b(engine(), 2, false);
    variable<int> early, late;
    thread a([&] {
      early.store(1);
      const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
      late.store(1);
      if (phase != Barrier::kTornDown) b.pass(engine(), phase);
    });
    thread c([&] {
      const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
      if (phase == Barrier::kTornDown || !b.pass(engine(), phase)) return;
      const int e = early.load(), l = late.load();
      seen.insert(std::to_string(e) + std::to_string(l));
    });
    a.join();
    c.join();
  });
  CHECK(seen == std::set<std::string>{"10", "11"});
}

TEST_CASE("the completion runs once per phase, before anybody passes") {
  bool right = true;
  search([&] {
    Barrier b(engine(), 2, true);
    int completed = 0;
    auto f = [&] {
      for (int k = 0; k < 3; ++k) {
        const std::int32_t phase = b.arrive(engine(), false, {}, [&] { ++completed; });
        if (phase == Barrier::kTornDown || !b.pass(engine(), phase)) return;
        right &= phase == k && completed > k && completed <= k + 2;
      }
    };
    thread a(f), c(f);
    a.join();
    c.join();
    right &= completed == 3;
  });
  CHECK(right);
}

TEST_CASE("counts: phase, parties, arrived") {
  const auto s = search([] {
    Barrier b(engine(), 2, false);
    CHECK(b.parties() == 2);
    CHECK(b.phase() == 0);
    CHECK(b.arrived() == 0);
    const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
    CHECK(phase == 0);
    CHECK(b.arrived() == 1);
    CHECK(b.phase() == 0);
    thread t([&] { b.arrive(engine(), false, {}, kNothing); });
    const bool passed = b.pass(engine(), phase);
    CHECK(passed);
    CHECK(b.phase() == 1);
    CHECK(b.arrived() == 0);
    t.join();
  });
  CHECK(s.statistics.deadlocks == 0);
}

TEST_CASE("who drops out is not waited for in later phases") {
  int passed = 0;
  const auto s = search([&] {
    Barrier b(engine(), 2, false);
    thread leaver([&] { b.arrive(engine(), true, {}, kNothing); });
    for (int k = 0; k < 3; ++k) {
      const std::int32_t phase = b.arrive(engine(), false, {}, kNothing);
      if (phase == Barrier::kTornDown || !b.pass(engine(), phase)) return;
      ++passed;
      CHECK(b.parties() == 1);
    }
    leaver.join();
  });
  CHECK(s.statistics.deadlocks == 0);
  CHECK(passed % 3 == 0);
  CHECK(passed > 0);
}

TEST_CASE("too few arrivals are a deadlock, in which threads wait at the barrier") {
  struct Looking : raddle::explore::Dpor {
    using Dpor::Dpor;
    void end(Engine& e, Outcome o) override {
      outcome = o;
      for (Tid t : {1, 2}) {
        CHECK(e.thread(t).waiting == Waiting::Barrier);
        CHECK(e.thread(t).waiting_on != 0);
      }
      Dpor::end(e, o);
    }
    Outcome outcome = Outcome::Complete;
  };
  Engine e;
  raddle::explore::Inspector inspector;
  Looking dpor(inspector, raddle::explore::Dpor::Options());
  auto program = members(2, 3);
  raddle::test::Model<decltype(program)> model(program);
  e.run(dpor, model);
  CHECK(dpor.outcome == Outcome::Deadlock);
  CHECK(inspector.statistics().executions == 1);
}
