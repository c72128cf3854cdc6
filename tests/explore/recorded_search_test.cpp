// Every execution of a search with full recording.
#include "checker/explore/recorded_search.h"

#include <set>

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;

namespace {

/// Two threads take two locks in opposite orders.
const auto ab_ba = [] {
  raddle::mutex a, b;
  raddle::thread t([&] {
    a.lock();
    b.lock();
    b.unlock();
    a.unlock();
  });
  b.lock();
  a.lock();
  a.unlock();
  b.unlock();
  t.join();
};

CheckReport check_ab_ba(CheckOptions o) {
  Engine e;
  test::Model model(ab_ba);
  return explore::check(e, model, o);
}

std::string schedule_of(const engine::Trace& trace) {
  std::string text;
  for (const engine::TraceEvent& e : trace.events)
    if (e.visible) text += std::to_string(e.thread) + e.operation + std::to_string(e.object) + ' ';
  return text;
}

}  // namespace

TEST_CASE("every execution that counts is recorded, and the search is the same") {
  for (const StrategyKind strategy : {StrategyKind::Exhaustive, StrategyKind::Source, StrategyKind::Brute}) {
    CAPTURE(name(strategy));
    RecordedExecutions executions{.limit = 1000, .too_many = false, .all = {}};
    const CheckReport plain = check_ab_ba({.strategy = strategy});
    const CheckReport drawn = check_ab_ba({.strategy = strategy, .record = &executions});
    CHECK(drawn.statistics.executions == plain.statistics.executions);
    CHECK(drawn.statistics.checksum == plain.statistics.checksum);
    std::uint64_t counted = 0, deadlocks = 0;
    std::set<std::string> schedules;
    for (const RecordedExecution& x : executions.all) {
      counted += x.counts;
      deadlocks += x.trace.outcome == "deadlock";
      schedules.insert(schedule_of(x.trace));
      const bool found = std::any_of(x.found.begin(), x.found.end(),
                                     [](const auto& f) { return f.first == detect::Kind::Deadlock; });
      CHECK(found == (x.trace.outcome == "deadlock"));
    }
    CHECK(counted == plain.statistics.executions);
    CHECK(deadlocks == plain.statistics.deadlocks);
    CHECK(deadlocks > 0);
    CHECK(schedules.size() == executions.all.size());
  }
}

TEST_CASE("too many executions are none, and the search goes on") {
  RecordedExecutions executions{.limit = 3, .too_many = false, .all = {}};
  const CheckReport plain = check_ab_ba({.strategy = StrategyKind::Brute});
  const CheckReport drawn = check_ab_ba({.strategy = StrategyKind::Brute, .record = &executions});
  CHECK(executions.too_many);
  CHECK(executions.all.empty());
  CHECK(drawn.statistics.executions == plain.statistics.executions);
}
