// The same search in several processes, or stopped and gone on with: is what it reports the same?
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "tests/support/killer.h"

namespace raddle::test {

/// With `jobs` worker processes, of which the first `victims` are killed. All have to be found.
template <class F>
explore::CheckReport check_with(const F& program, const explore::CheckOptions& options, std::size_t jobs,
                                int victims = 0) {
  Killer killer(victims);
  DyingModel<F> model(program, killer);
  explore::CheckOptions o = options;
  o.jobs = jobs;
  o.processes = &killer;
  o.alone = 0;
  engine::Engine e;
  const explore::CheckReport report = check(e, model, o);
  CHECK(killer.done());
  return report;
}

/// All but times, what was explored in vain, and where findings were met first.
inline void check_same(const explore::CheckReport& a, const explore::CheckReport& b) {
  const explore::Statistics &s = a.statistics, &t = b.statistics;
  CHECK(s.stop == t.stop);
  CHECK(s.executions == t.executions);
  CHECK(s.classes == t.classes);
  CHECK(s.checksum == t.checksum);
  CHECK(s.blocked == t.blocked);
  CHECK(s.deadlocks == t.deadlocks);
  CHECK(s.truncated == t.truncated);
  CHECK(s.failing == t.failing);
  CHECK(s.events == t.events);
  CHECK(s.longest == t.longest);
  CHECK(a.races == b.races);
  CHECK(a.loop_bound == b.loop_bound);
  CHECK(a.bounded.size() == b.bounded.size());
  CHECK(a.left_out == b.left_out);
  CHECK(a.revealed == b.revealed);
  CHECK(a.sample.draws == b.sample.draws);
  CHECK(a.sample.classes == b.sample.classes);
  CHECK(a.sample.once == b.sample.once);
  CHECK(a.sample.twice == b.sample.twice);
  CHECK(a.sample.once_at_all == b.sample.once_at_all);
  CHECK(a.ordered_pairs == b.ordered_pairs);
  CHECK(a.in_both_orders == b.in_both_orders);
  REQUIRE(a.levels.size() == b.levels.size());
  for (std::size_t i = 0; i < a.levels.size(); ++i) {
    CHECK(a.levels[i].executions == b.levels[i].executions);
    CHECK(a.levels[i].classes == b.levels[i].classes);
  }
  REQUIRE(a.findings.size() == b.findings.size());
  for (std::size_t i = 0; i < a.findings.size(); ++i) {
    CHECK(a.findings[i].finding == b.findings[i].finding);
    CHECK(a.findings[i].count == b.findings[i].count);
    CHECK(a.findings[i].trace.schedule == b.findings[i].trace.schedule);
    CHECK(a.findings[i].trace.events == b.findings[i].trace.events);
    CHECK(a.findings[i].trace.explanation == b.findings[i].trace.explanation);
  }
}

/// Keeps every state. One is due each `every` times somebody asks.
class States : public explore::Keeper {
 public:
  explicit States(int every) : every_(every) {}
  bool due() override { return ++asked_ % every_ == 0; }
  void keep(const std::string& state) override { all.push_back(state); }
  std::vector<std::string> all;

 private:
  int every_, asked_ = 0;
};

}  // namespace raddle::test
