// A bounded search in several processes, or one that was stopped and gone on with, is that of one process.
#include "checker/explore/parallel_bounded.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "raddle/raddle.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/programs.h"
#include "tests/support/same_search.h"

using namespace raddle;
using namespace raddle::explore;
using test::check_same;
using test::check_with;
using test::States;

namespace {

CheckOptions within(StrategyKind kind, int bound) {
  CheckOptions o;
  o.strategy = kind;
  o.bound = bound;
  return o;
}

template <class F>
void check_jobs(const F& program, const CheckOptions& o, int victims = 3) {
  const CheckReport alone = check_with(program, o, 1);
  check_same(check_with(program, o, 2), alone);
  check_same(check_with(program, o, 4, victims), alone);
}

template <class F>
void check_resumed(const F& program, CheckOptions o, std::size_t jobs, int every) {
  const CheckReport whole = check_with(program, o, 1);
  States states(every);
  o.keeper = &states;
  check_same(check_with(program, o, jobs), whole);
  o.keeper = nullptr;
  REQUIRE(!states.all.empty());
  const std::size_t step = states.all.size() / 6 + 1;
  for (std::size_t i = 0; i < states.all.size(); i += step) {
    CAPTURE(i);
    o.resume = states.all[i];
    check_same(check_with(program, o, i % 2 ? 1 : 3), whole);
  }
  o.resume = states.all.back();
  check_same(check_with(program, o, 1), whole);
}

}  // namespace

TEST_CASE("the states, classes and levels of several processes are those of one") {
  for (const StrategyKind kind : {StrategyKind::Preemptions, StrategyKind::Delays}) {
    CAPTURE(name(kind));
    check_jobs(programs::counter(3, 2), within(kind, 3));
    check_jobs(programs::counter(3, 2), within(kind, -1));
    check_jobs(programs::philosophers(4, false), within(kind, 2));
    check_jobs(programs::condition_buffer(2, 2, 1, true), within(kind, 2));
    check_jobs(programs::timed_waits(2, true), within(kind, 2));
    check_jobs(programs::thread_tree(), within(kind, 2));
  }
}

TEST_CASE("several rounds of loops, in several processes") {
  CheckOptions o = within(StrategyKind::Preemptions, 1);
  o.max_steps = 1000;
  o.loop_bound = 2;
  check_jobs(programs::polling(2), o, 0);
}

TEST_CASE("the first error is that of one process") {
  const auto rare = [] {  // two preemptions at least, and the right ones
    variable<int> x, y;
    thread a([&] {
      for (int i = 0; i < 4; ++i) x.store(i);
      y.store(7);
    });
    thread b([&] {
      if (x.load() != 2) return;
      require(y.load() != 7 || x.load() != 3);
    });
    thread c([&] {
      for (int i = 0; i < 3; ++i) x.load();
    });
    a.join();
    b.join();
    c.join();
  };
  CheckOptions o = within(StrategyKind::Preemptions, 4);
  o.limits.first_finding = true;
  const CheckReport alone = check_with(rare, o, 1);
  CHECK(alone.statistics.stop == StopReason::FirstFinding);
  check_same(check_with(rare, o, 3), alone);
}

TEST_CASE("a bounded search that was kept goes on to the same end") {
  for (const StrategyKind kind : {StrategyKind::Preemptions, StrategyKind::Delays}) {
    CAPTURE(name(kind));
    check_resumed(programs::counter(3, 2), within(kind, 3), 1, 100);
    check_resumed(programs::counter(3, 2), within(kind, -1), 3, 2);
    check_resumed(programs::condition_buffer(2, 2, 1, true), within(kind, 2), 1, 50);
    check_resumed(programs::philosophers(4, false), within(kind, 2), 3, 2);
  }
}

TEST_CASE("a damaged state of a bounded search is refused") {
  States states(40);
  CheckOptions o = within(StrategyKind::Preemptions, 2);
  o.keeper = &states;
  check_with(programs::counter(2, 2), o, 1);
  o.keeper = nullptr;
  const std::string whole = states.all.front();
  for (std::size_t size = 1; size < whole.size(); size += 1 + size / 3) {
    o.resume = whole.substr(0, size);
    CHECK_THROWS_AS(check_with(programs::counter(2, 2), o, 1), engine::WireError);
  }
}

TEST_CASE("random programs within bounds, in several processes") {
  const std::uint64_t programs = test::from_environment("RADDLE_FUZZ_PROGRAMS", 1);
  programs::Generator generate(test::from_environment("RADDLE_FUZZ_SEED", 1));
  int k = 0;
  for (const test::FuzzRow& row : test::kFuzzRows) {
    CAPTURE(row.name);
    for (std::uint64_t n = 0; n < programs; ++n) {
      const programs::RandomProgram p = generate(row.features);
      CAPTURE(p.text());
      ++k;
      CheckOptions o = within(k % 2 ? StrategyKind::Preemptions : StrategyKind::Delays, 1 + k % 3);
      o.notify_any = p.notify_any;
      o.minimise = false;
      const CheckReport alone = check_with(model(p), o, 1);
      if (alone.statistics.executions > 30000) continue;
      const CheckReport together = check_with(model(p), o, 3, 2);
      CHECK(together.statistics.executions == alone.statistics.executions);
      CHECK(together.statistics.classes == alone.statistics.classes);
      CHECK(together.statistics.checksum == alone.statistics.checksum);
      CHECK(together.levels.size() == alone.levels.size());
      CHECK(together.left_out == alone.left_out);
    }
  }
}
