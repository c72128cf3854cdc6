#include "checker/explore/minimise.h"

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "checker/explore/costed_replay.h"
#include "checker/explore/sampling.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::explore;
using raddle::test::Model;

namespace {

/// The first finding of this kind among random walks, and what becomes of it.
struct Case {
  engine::Engine engine;
  Inspector inspector;
  Detectors detectors{DetectorOptions{}};
  Minimised minimised;
  int before = 0;

  template <class F>
  Case(const F& program, detect::Kind kind, MinimisingBudget budget = {}) {
    detectors.add_to(inspector);
    inspector.set_limits({.executions = 300});
    RandomWalk walk;
    Sampling sampling(inspector, walk, 1);
    Model<F> model(program);
    engine.run(sampling, model);
    for (const Finding& f : std::vector<Finding>(inspector.findings())) {
      if (f.observation.kind != kind) continue;
      Inspector counted;
      CostedReplay replay(counted, f.schedule);
      engine.run(replay, model);
      before = replay.preemptions();
      minimised = minimise(engine, model, f, {}, budget);
      return;
    }
    FAIL("no such finding");
  }
};

/// Many operations that do not matter, and a lost update.
auto long_program(int rounds) {
  return [=] {
    atomic<int> x, noise;
    threads(3, [&](int i) {
      for (int k = 0; k < rounds; ++k) noise.fetch_add(1);
      if (i < 2) x.store(x.load() + 1);
      for (int k = 0; k < rounds; ++k) noise.fetch_add(1);
    });
    require(x.load() == 2);
  };
}

}  // namespace

TEST_CASE("the deadlock of five philosophers needs one preemption") {
  const Case c(philosophers(5, false), detect::Kind::Deadlock);
  CHECK(c.before > 1);
  CHECK(c.minimised.repeated);
  CHECK(c.minimised.fewest);
  CHECK(c.minimised.preemptions == 1);
}

TEST_CASE("a lost update needs one preemption") {
  const Case c(counter(2, 3), detect::Kind::LostUpdate);
  CHECK(c.minimised.fewest);
  CHECK(c.minimised.preemptions == 1);
}

TEST_CASE("long schedules are shortened, too") {
  const Case c(long_program(20), detect::Kind::Assertion);
  CHECK(c.before > 20);
  CHECK(c.minimised.preemptions == 1);
}

TEST_CASE("without the budget for a search, preemptions are left out") {
  // For two schedules of long runs and what follows; a bounded search would need thousands.
  const Case c(long_program(40), detect::Kind::Assertion, {.per_finding = 60});
  CHECK(c.before > 40);
  CHECK(c.minimised.repeated);
  CHECK(c.minimised.preemptions < 4);
}

TEST_CASE("nothing is done without a budget") {
  const Case c(counter(2, 3), detect::Kind::LostUpdate, {.executions = 0});
  CHECK(c.minimised.preemptions == c.before);
}

TEST_CASE("a check's findings come with minimised witnesses") {
  auto program = philosophers(4, false);
  Model<decltype(program)> model(program);
  int preempted[2] = {};
  for (const bool on : {false, true}) {
    engine::Engine e;
    const CheckReport r =
        check(e, model,
              {.strategy = StrategyKind::Random, .limits = {.executions = 100}, .seed = 3, .minimise = on});
    REQUIRE(!r.findings.empty());
    for (const engine::TraceEvent& x : r.findings[0].trace.events) preempted[on] += x.switched == "preempted";
  }
  CHECK(preempted[0] > 1);
  CHECK(preempted[1] == 1);
}
