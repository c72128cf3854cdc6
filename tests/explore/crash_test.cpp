// Searches of models that crash: what was found before is kept, and the crash is a finding like others.
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/crash_handler.h"
#include "checker/explore/checker.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/verification.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;

namespace {

int* volatile nowhere = nullptr;

/// Two threads lose updates; a third one crashes if it comes last, and there is a thread for each of `more` besides.
auto program(bool crashes, int more = 0) {
  return [crashes, more] {
    variable<int> x(0, "x");
    variable<int> done(0, "done");
    auto increment = [&] {
      x = x.load() + 1;
      done = done.load() + 1;
    };
    thread a(increment), b(increment);
    thread c([&] {
      if (x.load() == 2 && crashes) *nowhere = 1;
    });
    std::vector<thread> others;
    for (int i = 0; i < more; ++i) others.emplace_back([&] { static_cast<void>(x.load()); });
    for (thread& t : others) t.join();
    a.join();
    b.join();
    c.join();
  };
}

template <class F>
CheckReport check_all(const F& f, CheckOptions o = {}) {
  const engine::CrashHandler handler;
  engine::Engine e;
  test::Model<F> model(f);
  return explore::check(e, model, o);
}

const CheckedFinding* find(const CheckReport& r, const std::string& kind) {
  for (const CheckedFinding& f : r.findings)
    if (f.finding.kind == kind) return &f;
  return nullptr;
}

}  // namespace

TEST_CASE("a program that does not crash is searched as ever") {
  const CheckReport r = check_all(program(false));
  CHECK(r.statistics.stop == StopReason::Exhausted);
  CHECK(find(r, "crash") == nullptr);
  CHECK(find(r, "lost-update") != nullptr);
}

#if !RADDLE_SANITIZED

TEST_CASE("a crash is a finding that ends the search") {
  for (const auto strategy : {StrategyKind::Exhaustive, StrategyKind::Source, StrategyKind::Brute,
                              StrategyKind::Preemptions, StrategyKind::Delays, StrategyKind::Random}) {
    CAPTURE(name(strategy));
    CheckOptions o{.strategy = strategy};
    o.limits.executions = 10000;
    const CheckReport r = check_all(program(true), o);
    CHECK(r.statistics.stop == StopReason::Crashed);
    CHECK(!r.finished);
    const CheckedFinding* crash = find(r, "crash");
    REQUIRE(crash);
    CHECK(crash->count == 1);
    CHECK(crash->first_execution == r.statistics.executions);
    CHECK(crash->finding.severity == "error");
    CHECK(crash->finding.message == "The model crashes in t3: segmentation fault");
    CHECK(crash->trace.outcome == "aborted");
    CHECK(crash->trace.findings.size() == 1);
    const auto silent = check_all(program(false), o);
    CHECK(find(silent, "crash") == nullptr);
    CHECK(silent.statistics.stop != StopReason::Crashed);
  }
}

TEST_CASE("what was found before is kept") {
  const CheckReport r = check_all([] {
    const bool crashes = raddle::choose(2) == 1;
    variable<int> x(0, "x");
    const auto increment = [&] { x = x.load() + 1; };
    thread a(increment), b(increment);
    a.join();
    b.join();
    if (crashes) *nowhere = 1;
  });
  CHECK(r.statistics.stop == StopReason::Crashed);
  CHECK(r.statistics.executions == 5);
  CHECK(find(r, "crash"));
  const CheckedFinding* lost = find(r, "lost-update");
  REQUIRE(lost);
  CHECK(lost->count == 2);
  CHECK(lost->trace.outcome == "complete");
}

TEST_CASE("its trace replays, and not with a program that has been mended") {
  const CheckReport r = check_all(program(true));
  const CheckedFinding* crash = find(r, "crash");
  REQUIRE(crash);
  const auto replayed = [&](const auto& f) {
    const engine::CrashHandler handler;
    engine::Engine e;
    test::Model model(f);
    return explore::replay(e, model, crash->trace, r.revealed);
  };
  const ReplayReport same = replayed(program(true)), mended = replayed(program(false));
  CHECK(same.reproduced);
  CHECK(!same.diverged);
  CHECK(!mended.reproduced);
}

TEST_CASE("a crash that does not come again is none that could be shown") {
  int executions = 0;
  const auto once = [&] {
    if (++executions == 2) *nowhere = 1;
    raddle::choose(3);
  };
  const CheckReport r = check_all(once);
  CHECK(r.findings.empty());
  CHECK(r.statistics.stop == StopReason::Aborted);
  CHECK(r.statistics.abort_reason.find("has shown an error (crash)") != std::string::npos);
}

TEST_CASE("a crash in a worker process is a finding of the search") {
  for (const auto strategy :
       {StrategyKind::Exhaustive, StrategyKind::Preemptions, StrategyKind::Delays, StrategyKind::Random}) {
    for (const bool first : {false, true}) {
      CAPTURE(name(strategy));
      CAPTURE(first);
      Processes processes;
      CheckOptions o{.strategy = strategy, .jobs = 2, .processes = &processes, .alone = 0};
      o.limits.executions = 100000;
      o.limits.first_finding = first;
      const CheckReport r = check_all(program(true, 1), o);
      if (first && !find(r, "crash")) {  // something else was there first
        CHECK(r.statistics.stop == StopReason::FirstFinding);
        continue;
      }
      CHECK(r.statistics.stop == StopReason::Crashed);
      const CheckedFinding* crash = find(r, "crash");
      REQUIRE(crash);
      CHECK(crash->trace.findings.front().kind == "crash");
    }
  }
}

#endif
