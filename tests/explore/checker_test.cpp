// One check from options to report. What its detectors find is tested in tests/api and tests/detect.
#include "checker/explore/checker.h"

#include <atomic>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;

namespace {

template <class F>
CheckReport check_with(const F& program, CheckOptions o = {}) {
  Engine e;
  test::Model<F> model(program);
  return explore::check(e, model, o);
}

std::string error_of(const CheckOptions& o) {
  try {
    check_with([] {}, o);
    return "";
  } catch (const engine::UserError& e) {
    return e.what();
  }
}

constexpr StrategyKind kAll[] = {StrategyKind::Exhaustive, StrategyKind::Source, StrategyKind::Brute,
                                 StrategyKind::Random};

}  // namespace

TEST_CASE("strategies have names") {
  for (StrategyKind k : kAll) CHECK(parse_strategy(name(k)) == k);
  CHECK(parse_strategy("exhaustive") == StrategyKind::Exhaustive);
  try {
    parse_strategy("fastest");
    FAIL("no exception");
  } catch (const engine::UserError& e) {
    const std::string what = e.what();
    CHECK(what.find("\"fastest\"") != std::string::npos);
    for (StrategyKind k : kAll) CHECK(what.find(name(k)) != std::string::npos);
  }
}

TEST_CASE("the virtual clock is refused where it would depend on all threads") {
  for (StrategyKind k : kAll) {
    const bool reduces = k == StrategyKind::Exhaustive || k == StrategyKind::Source;
    const std::string error = error_of({.strategy = k, .limits = {.executions = 1}, .virtual_clock = true});
    CHECK(error.empty() == !reduces);
    if (reduces) CHECK(error.find(name(k)) != std::string::npos);
  }
}

TEST_CASE("all strategies that search everything find the same classes and the same findings") {
  const auto program = programs::condition_buffer(2, 2, 1, true);
  const CheckReport exhaustive = check_with(program);
  CHECK(exhaustive.finished);
  CHECK(exhaustive.statistics.executions == 80);
  REQUIRE(exhaustive.findings.size() >= 1);
  CHECK(exhaustive.findings[0].finding.kind == "deadlock");
  for (StrategyKind k : {StrategyKind::Source, StrategyKind::Brute}) {
    const CheckReport r = check_with(program, {.strategy = k});
    CHECK(r.finished);
    CHECK(r.statistics.classes == 80);
    CHECK(r.statistics.checksum == exhaustive.statistics.checksum);
    CHECK(r.findings.size() == exhaustive.findings.size());
  }
  const CheckReport shuffled = check_with(program, {.shuffle = 3});
  CHECK(shuffled.statistics.checksum == exhaustive.statistics.checksum);
  CHECK(shuffled.races == exhaustive.races);
  CHECK(exhaustive.races > 0);
}

TEST_CASE("a search has finished if it has seen all that was asked for") {
  const auto program = programs::counter(2, 2);
  CHECK(check_with(program).finished);
  CHECK_FALSE(check_with(program, {.limits = {.executions = 5}}).finished);
  CHECK_FALSE(check_with(program, {.limits = {.first_finding = true}}).finished);
  CHECK_FALSE(check_with(program, {.limits = {.seconds = 0}}).finished);
  const std::atomic<bool> interrupt = true;
  CHECK_FALSE(check_with(program, {.limits = {.interrupt = &interrupt}}).finished);
  // Samples: so many were asked for.
  CHECK(check_with(program, {.strategy = StrategyKind::Random, .limits = {.executions = 5}}).finished);
  CHECK_FALSE(check_with(program, {.strategy = StrategyKind::Random, .limits = {.seconds = 0}}).finished);
}

TEST_CASE("errors come before notes, otherwise findings come as they appeared") {
  const CheckReport r = check_with([] {
    variable<bool> flag(false, "flag");
    variable<int> x(0, "x");
    auto f = [&] {
      if (!flag.load()) flag.store(true);  // a note
      x.store(x.load() + 1);               // an error
    };
    thread a(f), b(f);
    a.join();
    b.join();
  });
  REQUIRE(r.findings.size() == 2);
  CHECK(r.findings[0].finding.severity == "error");
  CHECK(r.findings[0].finding.title == "x");
  CHECK(r.findings[1].finding.severity == "note");
  CHECK(r.findings[1].finding.title == "flag");
}

TEST_CASE("every finding has a witness that shows it, and the first execution that does") {
  const CheckReport r = check_with([] {
    variable<int> x(0, "x");
    mutex m("m"), n("n");
    thread a([&] {
      lock_guard first(m);
      lock_guard second(n);
      x.store(x.load() + 1);
    });
    thread b([&] {
      lock_guard first(n);
      lock_guard second(m);
    });
    thread c([&] { require(x.load() == 0, "x is 0"); });
    a.join();
    b.join();
    c.join();
  });
  CHECK(r.findings.size() == 2);
  for (const CheckedFinding& f : r.findings) {
    CAPTURE(f.finding.kind);
    CHECK(f.count > 0);
    CHECK(f.count < r.statistics.executions);
    CHECK(f.first_execution >= 1);
    CHECK(f.first_execution <= r.statistics.executions);
    REQUIRE(f.trace.findings.size() == 1);
    CHECK(f.trace.findings[0] == f.finding);
    CHECK((f.finding.kind == "deadlock") == (f.trace.outcome == "deadlock"));
    CHECK(f.finding.fingerprint.size() == 16);
  }
  CHECK(r.findings[0].finding.fingerprint != r.findings[1].finding.fingerprint);
}

TEST_CASE("the search stops at the first error on request") {
  const auto program = programs::counter(3, 1);
  const CheckReport r = check_with(program, {.limits = {.first_finding = true}});
  CHECK(r.statistics.stop == StopReason::FirstFinding);
  CHECK(r.statistics.executions < 36);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].finding.severity == "error");
}

TEST_CASE("options reach the engine") {
  auto timed = [] {
    timed_mutex m;
    m.lock();
    thread t([&] { require(m.try_lock_for(std::chrono::seconds(1))); });
    t.join();
  };
  CHECK(check_with(timed).findings[0].finding.kind == "assertion");
  CHECK(check_with(timed, {.timeouts = false}).findings[0].finding.kind == "deadlock");
  const auto waiters = programs::condition_buffer(2, 2, 1, true);
  CHECK(check_with(waiters, {.notify_any = false}).statistics.classes < 80);
  const CheckReport cut = check_with(programs::increments(2, 3), {.max_steps = 3});
  CHECK(cut.statistics.truncated == cut.statistics.executions);
}

TEST_CASE("an abort is reported with its reason, and ends the search") {
  const CheckReport r = check_with([] {
    variable<int> x;
    x.load();
    Engine::current()->abort("for a test");
  });
  CHECK(r.statistics.stop == StopReason::Aborted);
  CHECK(r.statistics.abort_reason == "for a test");
  CHECK_FALSE(r.finished);
}

TEST_CASE("what had to be revealed is part of the report") {
  CHECK(check_with(programs::counter(2, 1)).revealed == 0);
  const CheckReport r = check_with([] {
    barrier<> b(1);
    auto f = [&] { b.arrive_and_wait(); };
    thread x(f), y(f);
    x.join();
    y.join();
  });
  CHECK(r.revealed == static_cast<std::uint8_t>(engine::Hidden::Barriers));
  CHECK(r.finished);
}
