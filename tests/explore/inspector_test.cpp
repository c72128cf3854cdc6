// What a search keeps of its executions, and when it stops.
#include "checker/explore/inspector.h"

#include <atomic>
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using detect::Observation;
using detect::Severity;
using engine::Engine;
using engine::History;
using engine::OpKind;
using engine::Outcome;
using engine::Step;

namespace {

/// Observes what the test wants it to.
class Fake : public detect::Detector {
 public:
  std::function<void(const Engine&, const History&, Step, detect::Sink&)> on_event;
  std::function<void(const Engine&, const History&, Outcome, detect::Sink&)> on_end;
  std::uint64_t kinds = 0;
  bool proven = false;

  std::uint64_t interests() const override { return kinds; }
  void event(const Engine& e, const History& h, Step s, detect::Sink& sink) override {
    if (on_event) on_event(e, h, s, sink);
  }
  void end(const Engine& e, const History& h, Outcome o, detect::Sink& sink) override {
    if (on_end) on_end(e, h, o, sink);
  }
  Severity severity(const Observation& o) const override { return proven ? Severity::Error : o.severity; }
};

Observation observation(std::uint64_t key, Severity severity = Severity::Error, Step at = 0) {
  Observation o;
  o.key = key;
  o.severity = severity;
  o.at = at;
  return o;
}

template <class F>
void explore_all(Inspector& inspector, const F& program, Step max_steps = 1000, Dpor::Options options = {}) {
  Engine e;
  e.set_max_steps(max_steps);
  Dpor dpor(inspector, options);
  test::Model<F> model(program);
  e.run(dpor, model);
}

/// An assertion fails in some of the executions of a search.
auto failing_sometimes() {
  return [] {
    variable<int> x;
    thread t([&] { x.store(1); });
    thread u([&] { require(x.load() == 0); });
    t.join();
    u.join();
  };
}

}  // namespace

TEST_CASE("a search without limits ends by itself") {
  Inspector i;
  explore_all(i, programs::counter(2, 2));
  const Statistics& s = i.statistics();
  CHECK(s.stop == StopReason::Exhausted);
  CHECK(s.executions == 34);
  CHECK(s.classes == 34);
  CHECK(s.blocked == 0);
  CHECK(s.truncated == 0);
  CHECK(s.deadlocks == 0);
  CHECK(s.events == 34 * 8);
  CHECK(s.longest == 8);
}

TEST_CASE("the number of executions is a limit") {
  for (std::uint64_t n : {1u, 7u, 33u}) {
    Inspector i;
    i.set_limits({.executions = n});
    explore_all(i, programs::counter(2, 2));
    CHECK(i.statistics().executions == n);
    CHECK(i.statistics().stop == StopReason::Executions);
  }
  Inspector exact;
  exact.set_limits({.executions = 34});
  explore_all(exact, programs::counter(2, 2));
  CHECK(exact.statistics().executions == 34);
}

TEST_CASE("time is a limit, but one execution is always possible") {
  Inspector i;
  i.set_limits({.seconds = 0});
  explore_all(i, programs::counter(3, 2));
  CHECK(i.statistics().stop == StopReason::Time);
  CHECK(i.statistics().executions >= 1);
  CHECK(i.statistics().executions < 7134);
  Inspector enough;
  enough.set_limits({.seconds = 1000});
  explore_all(enough, programs::counter(2, 1));
  CHECK(enough.statistics().stop == StopReason::Exhausted);
}

TEST_CASE("an interruption ends the search before the next execution") {
  std::atomic<bool> interrupt = false;
  int ran = 0;
  Inspector i;
  i.set_limits({.interrupt = &interrupt});
  explore_all(i, [&] {
    variable<int> x;
    auto f = [&] { x.store(x.load() + 1); };
    thread a(f), b(f);
    a.join();
    b.join();
    if (++ran == 3) interrupt = true;
  });
  CHECK(ran == 3);
  CHECK(i.statistics().stop == StopReason::Interrupted);
  CHECK(i.statistics().executions == 3);
  CHECK_FALSE(i.may_continue());
}

TEST_CASE("the first error ends the search on request; notes and warnings do not") {
  for (Severity severity : {Severity::Note, Severity::Warning, Severity::Error}) {
    Inspector i;
    i.set_limits({.first_finding = true});
    Fake d;
    d.kinds = detect::bit(OpKind::Write);
    d.on_event = [&](const Engine&, const History& h, Step s, detect::Sink& sink) {
      if (h.size() == 4) sink.observe(observation(1, severity, s + 1));
    };
    i.add(d);
    explore_all(i, programs::counter(2, 1));
    CHECK(i.statistics().executions == (severity == Severity::Error ? 1 : 4));
    CHECK(i.statistics().stop ==
          (severity == Severity::Error ? StopReason::FirstFinding : StopReason::Exhausted));
    CHECK(i.findings().size() == 1);
  }
}

TEST_CASE("a finding that turns out to be an error later ends the search then") {
  Inspector i;
  i.set_limits({.first_finding = true});
  Fake d;
  int seen = 0;
  d.kinds = detect::bit(OpKind::Write);
  d.on_event = [&](const Engine&, const History& h, Step s, detect::Sink& sink) {
    if (h.size() < 4) return;
    d.proven = ++seen >= 3;
    sink.observe(observation(1, Severity::Note, s + 1));
  };
  i.add(d);
  explore_all(i, programs::counter(2, 1));
  CHECK(i.statistics().executions == 3);
  CHECK(i.statistics().stop == StopReason::FirstFinding);
  REQUIRE(i.findings().size() == 1);
  CHECK(i.findings()[0].severity() == Severity::Error);
}

TEST_CASE("a detector sees the events that it is interested in, in order, and each once per execution") {
  std::vector<Step> seen;
  int wrong = 0;
  Inspector i;
  Fake d;
  d.kinds = detect::bit(OpKind::Write) | detect::bit(OpKind::Lock);
  d.on_event = [&](const Engine&, const History& h, Step s, detect::Sink&) {
    wrong += s != h.size() - 1 || (h[s].t.kind != OpKind::Write && h[s].t.kind != OpKind::Lock);
    seen.push_back(s);
  };
  i.add(d);
  explore_all(i, [] {
    variable<int> x;
    mutex m;
    m.lock();
    x.load();
    x.store(1);
    m.unlock();
  });
  CHECK(wrong == 0);
  CHECK(seen == std::vector<Step>{0, 2});
}

TEST_CASE("the end is asked about only where it may matter") {
  int ends = 0;
  auto explored = [&](auto program) {
    Inspector i;
    Fake d;
    ends = 0;
    d.on_end = [&](const Engine&, const History&, Outcome, detect::Sink&) { ++ends; };
    i.add(d);
    explore_all(i, program);
    return i.statistics();
  };
  CHECK(explored(programs::counter(2, 1)).executions == 4);
  CHECK(ends == 0);
  CHECK(explored(programs::philosophers(2, false)).deadlocks == 1);
  CHECK(ends == 1);
  CHECK(explored(failing_sometimes()).failing == 1);
  CHECK(ends == 1);
}

TEST_CASE("an observation holds for all executions with the events before it, and no others") {
  // Observed at the first event of the second thread, where it comes first: two of four executions begin like that.
  Inspector i;
  Fake d;
  d.kinds = detect::bit(OpKind::Read);
  d.on_event = [&](const Engine&, const History& h, Step s, detect::Sink& sink) {
    if (s == 0 && h[s].t.tid == 2) sink.observe(observation(9, Severity::Error, 1));
  };
  i.add(d);
  int first = 0;
  explore_all(i, [&] {
    int order = 0;
    variable<int> x;
    auto f = [&](int me) {
      return [&, me] {
        x.load();
        if (!order) order = me;
        x.store(1);
      };
    };
    thread a(f(1)), b(f(2));
    a.join();
    b.join();
    first += order == 2;
  });
  REQUIRE(i.findings().size() == 1);
  CHECK(first > 0);
  CHECK(first < 4);
  CHECK(i.findings()[0].count == static_cast<std::uint64_t>(first));
}

TEST_CASE("equal keys are one finding, counted once per execution") {
  Inspector i;
  Fake d, other;
  d.on_end = [](const Engine&, const History&, Outcome, detect::Sink& sink) {
    for (std::uint64_t key : {1, 1, 2}) sink.observe(observation(key));
  };
  other.on_end = [](const Engine&, const History&, Outcome, detect::Sink& sink) {
    sink.observe(observation(3));
  };
  i.add(d);
  i.add(other);
  explore_all(i, programs::philosophers(2, false));
  REQUIRE(i.findings().size() == 3);
  for (const explore::Finding& f : i.findings()) CHECK(f.count == 1);
  CHECK(i.findings()[0].detector == &d);
  CHECK(i.findings()[2].detector == &other);
}

TEST_CASE("a finding keeps the first execution that shows it, as a schedule in structural names") {
  Inspector i;
  Fake d;
  std::uint64_t execution = 0, first = 0;
  d.on_end = [&](const Engine& e, const History&, Outcome, detect::Sink& sink) {
    if (!first) first = e.executions() + 1;
    ++execution;
    sink.observe(observation(5));
  };
  i.add(d);
  explore_all(i, failing_sometimes());
  REQUIRE(i.findings().size() == 1);
  const explore::Finding& f = i.findings()[0];
  CHECK(f.first_execution == first);
  CHECK(f.count == execution);
  REQUIRE(f.schedule.size() == 2);
  CHECK(f.schedule[0].thread == engine::child_name(1, 0));  // the write comes first
  CHECK(f.schedule[1].thread == engine::child_name(1, 1));
}

TEST_CASE("a schedule names who is woken") {
  Inspector i;
  Fake d;
  d.on_end = [](const Engine&, const History&, Outcome outcome, detect::Sink& sink) {
    if (outcome == Outcome::Complete) sink.observe(observation(1));  // the waiter did not come too late
  };
  i.add(d);
  explore_all(i, [] {
    mutex m;
    condition_variable c;
    thread t([&] {
      unique_lock lock(m);
      c.wait(lock);
      require(false);
    });
    thread u([&] {
      lock_guard guard(m);
      c.notify_one();
    });
    t.join();
    u.join();
  });
  bool woken = false;
  for (const explore::Finding& f : i.findings())
    for (const NamedChoice& c : f.schedule) woken |= c.waiter == engine::child_name(1, 0);
  CHECK(woken);
}

TEST_CASE("executions that are cut or stuck are counted as such") {
  Inspector cut;
  explore_all(cut, programs::increments(2, 3), 4);
  CHECK(cut.statistics().truncated == cut.statistics().executions);
  CHECK(cut.statistics().deadlocks == 0);
  CHECK(cut.statistics().longest == 4);
  Inspector stuck;
  explore_all(stuck, programs::philosophers(3, false));
  CHECK(stuck.statistics().deadlocks == 1);
  CHECK(stuck.statistics().executions == 7);
}

TEST_CASE("an aborted execution ends the search, and its reason is kept") {
  Inspector i;
  explore_all(i, [] {
    variable<int> x;
    x.load();
    Engine::current()->abort("for a test");
  });
  CHECK(i.statistics().stop == StopReason::Aborted);
  CHECK(i.statistics().abort_reason == "for a test");
  CHECK(i.statistics().executions == 1);
}

TEST_CASE("redundant executions count as blocked, and towards the limit") {
  Inspector i;
  explore_all(i, programs::lastzero(6), 1000, {.optimal = false});
  CHECK(i.statistics().classes == 144);
  CHECK(i.statistics().blocked > 0);
  Inspector limited;
  limited.set_limits({.executions = 100});
  explore_all(limited, programs::lastzero(6), 1000, {.optimal = false});
  CHECK(limited.statistics().executions + limited.statistics().blocked == 100);
}

TEST_CASE("classes are counted where a search may meet one twice") {
  Inspector i;
  i.count_classes(true);
  i.count_each_class(true);
  explore_all(i, programs::counter(2, 2));
  CHECK(i.class_counts().size() == 34);
  for (const auto& [print, n] : i.class_counts()) CHECK(n == 1);
  Inspector without;
  explore_all(without, programs::counter(2, 2));
  CHECK(without.class_counts().empty());
  CHECK(without.statistics().checksum == i.statistics().checksum);
  Inspector other;
  explore_all(other, programs::counter(2, 3));
  CHECK(other.statistics().checksum != i.statistics().checksum);
  Inspector off;
  off.fingerprint(false);
  explore_all(off, programs::counter(2, 2));
  CHECK(off.statistics().checksum == 0);
  CHECK(off.statistics().executions == 34);
}

TEST_CASE("a restart forgets all that was found") {
  // The first executions observe something; then ends of threads become visible, and it is observed no more.
  Inspector i;
  Fake d;
  bool early = true;
  d.kinds = detect::bit(OpKind::Write);
  d.on_event = [&](const Engine& e, const History&, Step s, detect::Sink& sink) {
    early = !e.is_revealed(engine::Hidden::ThreadEnds);
    if (early) sink.observe(observation(1, Severity::Error, s + 1));
  };
  i.add(d);
  explore_all(i, [] {
    Engine& e = *Engine::current();
    variable<int> x;
    thread t([&] { x.store(1); });
    const thread::id id = t.get_id();  // before it is joined
    thread u([&] {
      if (x.load() == 0) engine::is_alive(e, id, {});
    });
    t.join();
    u.join();
  });
  CHECK_FALSE(early);
  CHECK(i.findings().empty());
  CHECK(i.statistics().stop == StopReason::Exhausted);
}

TEST_CASE("a model that does something else says what") {
  int runs = 0;
  const auto reason_of = [&](const auto& body) {
    Inspector inspector;
    runs = 0;
    explore_all(inspector, [&] {
      ++runs;
      variable<int> x, y;
      thread t([&] { body(x, y); });
      x.store(1);
      t.join();
    });
    CHECK(inspector.statistics().stop == StopReason::Aborted);
    return inspector.statistics().abort_reason;
  };
  const std::string other_kind = reason_of(
      [&](variable<int>& x, variable<int>&) { runs == 1 ? static_cast<void>(x.load()) : x.store(2); });
  CHECK(other_kind.find("thread 1 was to be \"read\", and is \"write\" at ") != std::string::npos);
  const std::string other_object =
      reason_of([&](variable<int>& x, variable<int>& y) { static_cast<void>((runs == 1 ? x : y).load()); });
  CHECK(other_object.find("was to be \"read\", and is the same on something else at ") != std::string::npos);
}
