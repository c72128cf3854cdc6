// Findings of a process in which the model has crashed: as short, and as well explained, as those of others.
#include "checker/explore/shortening.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include <doctest/doctest.h>

#include "checker/engine/crash_handler.h"
#include "checker/explore/costed_replay.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/sampling.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::explore;
using raddle::test::Model;

#if !RADDLE_SANITIZED

namespace {

int* volatile nowhere = nullptr;

/// The first finding of this kind among random walks, and what becomes of it.
struct Case {
  engine::CrashHandler handler;
  engine::Engine engine;
  Inspector inspector;
  Detectors detectors{DetectorOptions{}};
  Shortened shortened;
  int before = 0, after = 0;

  template <class F>
  Case(const F& program, detect::Kind kind, MinimisingBudget budget = {}) {
    detectors.add_to(inspector);
    inspector.set_limits({.executions = 3000});
    RandomWalk walk;
    Sampling sampling(inspector, walk, 1);
    Model<F> model(program);
    engine.run(sampling, model);
    const bool crashed = inspector.statistics().stop == StopReason::Crashed;
    for (const Finding& f : std::vector<Finding>(inspector.findings())) {
      if (f.observation.kind != kind) continue;
      before = preemptions(model, f);
      Processes processes;
      shortened = crashed ? shorten_in_copies(engine, model, f, {}, false, budget, processes)
                          : shorten(engine, model, f, {}, false, budget);
      after = preemptions(model, shortened.finding);
      return;
    }
    FAIL("no such finding");
  }

  int preemptions(engine::Program& model, const Finding& f) {
    Inspector counted;
    CostedReplay replay(counted, f.schedule);
    engine.run(replay, model);
    CHECK(replay.diverged_at() == engine::kNever);
    return replay.preemptions();
  }
};

/// Uses something between a look at it and its use, among `rounds` operations that do not matter.
auto use_after_free(int rounds, std::function<void()> fail) {
  return [=] {
    atomic<int> open(1), noise;
    threads(3, [&](int i) {
      for (int k = 0; k < rounds; ++k) noise.fetch_add(1);
      if (i == 0) open.store(0);
      if (i == 1 && open.load() && !open.load()) fail();
      for (int k = 0; k < rounds; ++k) noise.fetch_add(1);
    });
  };
}

void crash() { *nowhere = 1; }

/// Crashes, but does something else instead of the n-th crash in a process and the copies of it. The first ones are the
/// search's and the test's, which counts preemptions; in each copy, one shows that the finding comes again.
std::function<void()> crash_up_to(int n, std::function<void()> f) {
  return [=, crashes = 0]() mutable { ++crashes < n ? crash() : f(); };
}

}  // namespace

TEST_CASE("a crash is minimised and explained as a failed assertion is") {
  for (const int rounds : {1, 5, 20}) {
    CAPTURE(rounds);
    const Case fails(use_after_free(rounds, [] { require(false); }), detect::Kind::Assertion);
    const Case crashes(use_after_free(rounds, crash), detect::Kind::Crash);
    CHECK(crashes.before > 1);
    CHECK(crashes.after == 1);
    CHECK(fails.after == 1);
    REQUIRE(crashes.shortened.order);
    REQUIRE(fails.shortened.order);
    CHECK(crashes.shortened.order->first == fails.shortened.order->first);
    CHECK(crashes.shortened.order->second == fails.shortened.order->second);
  }
}

TEST_CASE("what was found before the crash is minimised and explained, too") {
  const auto program = [] {
    atomic<int> x, noise;
    const bool crashes = raddle::choose(40) == 0;
    threads(3, [&](int i) {
      for (int k = 0; k < 5; ++k) noise.fetch_add(1);
      if (i < 2) x.store(x.load() + 1);
    });
    if (crashes) crash();
    require(x.load() == 2);
  };
  const Case c(program, detect::Kind::Assertion);
  CHECK(c.inspector.statistics().stop == StopReason::Crashed);
  CHECK(c.before > 1);
  CHECK(c.after == 1);
  CHECK(c.shortened.order);
}

TEST_CASE("a copy that dies on its way has done what it has done") {
  const auto dies = [] { ::raise(SIGKILL); };
  const Case later(use_after_free(5, crash_up_to(5, dies)), detect::Kind::Crash);
  CHECK(later.after < later.before);
  CHECK(later.shortened.order);
  const Case at_once(use_after_free(5, crash_up_to(4, dies)), detect::Kind::Crash);
  CHECK(at_once.shortened.finding.observation.kind == detect::Kind::Crash);
  CHECK(!at_once.shortened.order);
}

TEST_CASE("a copy that does not come back is given up") {
  const auto hangs = [] {
    for (;;) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  };
  MinimisingBudget budget;
  budget.waited_per_finding = Seconds(0.1);
  const Case c(use_after_free(5, crash_up_to(4, hangs)), detect::Kind::Crash, budget);
  CHECK(c.shortened.finding.observation.kind == detect::Kind::Crash);
  CHECK(!c.shortened.order);
}

TEST_CASE("without a budget, and when interrupted, nothing is done") {
  MinimisingBudget none;
  none.executions = 0;
  const Case poor(use_after_free(5, crash), detect::Kind::Crash, none);
  CHECK(poor.after == poor.before);
  const std::atomic<bool> interrupt = true;
  MinimisingBudget over;
  over.interrupt = &interrupt;
  const Case interrupted(use_after_free(5, crash), detect::Kind::Crash, over);
  CHECK(interrupted.after == interrupted.before);
}

#else

TEST_CASE("crashes are the sanitizer's") {}

#endif
