#include "checker/explore/explain.h"

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "checker/explore/costed_replay.h"
#include "checker/explore/verification.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::explore;
using raddle::test::Model;

namespace {

template <class F>
CheckReport checked(const F& program, StrategyKind strategy = StrategyKind::Exhaustive) {
  auto copy = program;
  Model<F> model(copy);
  engine::Engine e;
  return check(e, model, {.strategy = strategy, .limits = {.executions = 1000, .first_finding = true}});
}

/// Runs the passing schedule of a trace again: is nothing wrong with it?
template <class F>
bool passes(const F& program, const engine::Trace& trace) {
  auto copy = program;
  Model<F> model(copy);
  engine::Engine e;
  engine::Trace t = trace;
  t.schedule = trace.passing;
  t.findings.clear();
  const ReplayReport r = replay(e, model, t, 0);
  Watch watch{DetectorOptions{}};
  std::vector<NamedChoice> schedule;
  for (const engine::TraceChoice& c : trace.passing) {
    REQUIRE(c.alternative.empty());
    schedule.push_back(
        {engine::thread_name_hash(trace.threads[static_cast<std::size_t>(c.thread)].id), 0, 0});
  }
  CostedReplay again(watch.inspector, schedule);
  e.run(again, model);
  CHECK(again.executed().size() == schedule.size());
  const auto& findings = watch.inspector.findings();
  return r.trace.outcome == "complete" &&
         std::none_of(findings.begin(), findings.end(),
                      [](const Finding& f) { return f.severity() == raddle::detect::Severity::Error; });
}

const CheckedFinding& error(const CheckReport& r) {
  REQUIRE(!r.findings.empty());
  REQUIRE(r.findings[0].finding.severity == "error");
  return r.findings[0];
}

/// A read that has to come behind a write.
auto too_early() {
  return [] {
    atomic<int> ready, noise;
    thread writer([&] {
      noise.store(1);
      ready.store(1);
    });
    thread reader([&] {
      noise.load();
      require(ready.load() == 1);
    });
    writer.join();
    reader.join();
  };
}

/// It fails unless two writes come before two reads that are in the other order.
auto two_too_early() {
  return [] {
    atomic<int> a, b, mine, yours;
    thread first([&] {
      mine.store(1);
      a.store(1);
    });
    thread second([&] {
      yours.store(1);
      b.store(1);
    });
    const int sum = a.load() + b.load();
    first.join();
    second.join();
    require(sum == 2);
  };
}

}  // namespace

TEST_CASE("the order that decides is named, with places, steps and values, and the run that passes is kept") {
  const CheckReport r = checked(too_early());
  const CheckedFinding& f = error(r);
  const std::string& text = f.trace.explanation;
  CAPTURE(text);
  CHECK(text.starts_with("If t2's read of "));
  CHECK(text.find(", 0) had come after t1's write at :") != std::string::npos);
  CHECK(text.ends_with(", 1), this run would have passed."));
  CHECK(passes(too_early(), f.trace));
}

TEST_CASE("the two steps are named, and what happens in the run that passes is kept, the other way round") {
  const CheckReport r = checked(too_early());
  const engine::Trace& t = error(r).trace;
  REQUIRE(t.critical.first > 0);
  REQUIRE(t.critical.second > t.critical.first);
  auto at = [](const std::vector<engine::TraceEvent>& events, int step) {
    return events[static_cast<std::size_t>(step) - 1];
  };
  const engine::TraceEvent first = at(t.events, t.critical.first), second = at(t.events, t.critical.second);
  CHECK(first.operation == "read");
  CHECK(second.operation == "write");
  REQUIRE(!t.passing_run.events.empty());
  int read = 0, write = 0;
  for (const engine::TraceEvent& e : t.passing_run.events) {
    if (e.site == first.site && e.operation == "read") read = e.step;
    if (e.site == second.site && e.operation == "write") write = e.step;
  }
  CHECK(write > 0);
  CHECK(read > write);
  CHECK(t.passing_run.threads.size() == t.threads.size());
  std::size_t decisions = 0;
  for (const engine::TraceEvent& e : t.passing_run.events) decisions += e.visible;
  CHECK(decisions == t.passing.size());
}

TEST_CASE("of a lost update, the read came too early") {
  const CheckReport r = checked(counter(2, 1));
  const CheckedFinding& f = error(r);
  CAPTURE(f.trace.explanation);
  CHECK(f.trace.explanation.find("read of ") != std::string::npos);
  CHECK(f.trace.explanation.find("had come after") != std::string::npos);
  CHECK(passes(counter(2, 1), f.trace));
}

TEST_CASE("of a deadlock, one lock came before one that still waits") {
  const CheckReport r = checked(philosophers(2, false));
  const CheckedFinding& f = error(r);
  CAPTURE(f.trace.explanation);
  CHECK(f.finding.kind == "deadlock");
  CHECK(f.trace.explanation.find("'s lock of ") != std::string::npos);
  CHECK(f.trace.explanation.ends_with("this run would have passed."));
  CHECK(passes(philosophers(2, false), f.trace));
}

TEST_CASE("where every order fails, nothing is said") {
  auto program = [] {
    atomic<int> x;
    threads(2, [&](int i) { x.store(i); });
    require(x.load() == 2);
  };
  const CheckReport r = checked(program);
  CHECK(error(r).trace.explanation.empty());
  CHECK(error(r).trace.passing.empty());
}

TEST_CASE("nothing is said of notes") {
  auto program = [] {
    variable<int> done;
    threads(2, [&](int) {
      if (!done.load()) done.store(1);
    });
  };
  for (const CheckedFinding& f : checked(program).findings) CHECK(f.trace.passing.empty());
}

TEST_CASE("where one pair alone does not decide, it is said who would have had to go on") {
  auto program = two_too_early();
  Model<decltype(program)> model(program);
  engine::Engine e;
  Watch watch{DetectorOptions{}};
  // Both threads have begun, and main reads both before they write. Behind a reversal main goes on before another one.
  const NamedChoice main{1, 0, 0}, first{engine::child_name(1, 0), 0, 0},
      second{engine::child_name(1, 1), 0, 0};
  CostedReplay run(watch.inspector, {first, second, main, main});
  e.run(run, model);
  REQUIRE(watch.inspector.findings().size() == 1);
  MinimisingBudget budget;
  const auto order = find_critical_order(e, model, watch.inspector.findings()[0], {}, false, budget);
  // But had one of them gone on where main did, in the end all writes would have come first.
  REQUIRE(order.has_value());
  CHECK(order->gone_on);
  CHECK(order->second == engine::kNever);
  REQUIRE(order->passing.size() > static_cast<std::size_t>(order->first));
  CHECK(order->passing[static_cast<std::size_t>(order->first)].thread == order->thread);
  const CheckedFinding f =
      witness(e, model, watch.inspector.findings()[0], [&](engine::TraceRecorder& r) { explain(*order, r); });
  CAPTURE(f.trace.explanation);
  CHECK(f.trace.explanation.starts_with("If t"));
  CHECK(f.trace.explanation.find(" had gone on before main's read of ") != std::string::npos);
  CHECK(f.trace.critical.first == 0);
  CHECK(passes(two_too_early(), f.trace));
}

TEST_CASE("where updates are lost, no run passes that loses one") {
  auto program = [] {
    variable<int> x;
    atomic<int> ready;
    bool early = false;
    thread first([&] {
      x.store(x.load() + 1);
      ready.store(1);
    });
    thread second([&] {
      const int v = x.load();
      early = ready.load() == 0;
      x.store(v + 1);
    });
    first.join();
    second.join();
    require(x.load() == 2 || !early);
  };
  Model<decltype(program)> model(program);
  engine::Engine e;
  const CheckReport r = check(e, model, {});
  const auto failed = std::find_if(r.findings.begin(), r.findings.end(),
                                   [](const CheckedFinding& f) { return f.finding.kind == "assertion"; });
  REQUIRE(failed != r.findings.end());
  // With the two operations on `ready` the other way round, it would not fail, and lose the update all the same.
  CAPTURE(failed->trace.explanation);
  REQUIRE(!failed->trace.passing_run.events.empty());
  std::string last;
  for (const engine::TraceEvent& event : failed->trace.passing_run.events)
    if (event.operation == "read" && event.thread == 0) last = event.result;
  CHECK(last == "2");
}

TEST_CASE("without a budget nothing is tried") {
  auto program = too_early();
  Model<decltype(program)> model(program);
  engine::Engine e;
  const CheckReport r = check(e, model, {.limits = {.first_finding = true}, .minimise = false});
  CHECK(error(r).trace.explanation.find("would have passed") == std::string::npos);
}
