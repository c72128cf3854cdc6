// A schedule is executed again: the same happens, or the first difference is named.
#include "checker/explore/replay.h"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/verification.h"
#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::child_name;
using engine::Engine;
using engine::kNever;
using engine::Outcome;
using engine::Trace;

namespace {

constexpr std::uint64_t kMain = 1;
const std::uint64_t kFirst = child_name(kMain, 0), kSecond = child_name(kMain, 1);

struct Replayed {
  Outcome outcome;
  engine::Step diverged_at;
  engine::Step events;
};
template <class F>
Replayed follow(const F& program, std::vector<NamedChoice> schedule) {
  Engine e;
  Inspector i;
  Replay replay(i, std::move(schedule));
  test::Model<F> model(program);
  e.run(replay, model);
  return {replay.outcome(), replay.diverged_at(), i.history().size()};
}

template <class F>
CheckReport check_all(const F& program, CheckOptions o = {}) {
  Engine e;
  test::Model<F> model(program);
  return explore::check(e, model, o);
}
template <class F>
ReplayReport replay_in_new_engine(const F& program, const Trace& t, std::uint8_t revealed = 0) {
  Engine e;
  test::Model<F> model(program);
  return explore::replay(e, model, t, revealed);
}

auto two_writers(std::string& log) {
  return [&log] {
    log.clear();
    variable<int> x;
    auto f = [&](char c) {
      return [&log, &x, c] {
        for (int i = 0; i < 2; ++i) x.store(i), log += c;
      };
    };
    thread a(f('a')), b(f('b'));
    a.join();
    b.join();
  };
}

/// The trace of the first finding.
template <class F>
Trace witness(const F& program, CheckOptions o = {}) {
  const CheckReport r = check_all(program, o);
  REQUIRE(!r.findings.empty());
  return r.findings[0].trace;
}

auto failing() {
  return [] {
    variable<int> x(0, "x");
    thread t([&] { x.store(1); });
    thread u([&] { require(x.load() == 0, "x is 0"); });
    t.join();
    u.join();
  };
}

}  // namespace

TEST_CASE("threads go in the order of the schedule; behind its end the running one goes on") {
  std::string log;
  CHECK(follow(two_writers(log), {{kSecond}, {kFirst}, {kSecond}, {kFirst}}).events == 4);
  CHECK(log == "baba");
  const Replayed r = follow(two_writers(log), {{kSecond}, {kFirst}});
  CHECK(log == "baab");
  CHECK(r.outcome == Outcome::Complete);
  CHECK(r.diverged_at == kNever);
  follow(two_writers(log), {});
  CHECK((log == "aabb" || log == "bbaa"));
}

TEST_CASE("a schedule that cannot be followed ends where it cannot") {
  std::string log;
  SUBCASE("there is no such thread") {
    const Replayed r = follow(two_writers(log), {{kFirst}, {child_name(kMain, 7)}});
    CHECK(r.outcome == Outcome::Stopped);
    CHECK(r.diverged_at == 1);
    CHECK(log == "a");
  }
  SUBCASE("the thread has ended") {
    CHECK(follow(two_writers(log), {{kFirst}, {kFirst}, {kFirst}}).diverged_at == 2);
  }
  SUBCASE("the thread is blocked") {
    CHECK(follow(programs::sections(2, 1), {{kFirst}, {kSecond}}).diverged_at == 1);
  }
  SUBCASE("there is no such alternative") {
    auto program = [] { choose(3); };
    CHECK(follow(program, {{kMain, 2}}).diverged_at == kNever);
    CHECK(follow(program, {{kMain, 3}}).diverged_at == 0);
    CHECK(follow(program, {{kMain, engine::kExpire}}).diverged_at == 0);
  }
  SUBCASE("nobody waits who could be woken") {
    auto program = [] {
      condition_variable c;
      c.notify_one();
    };
    CHECK(follow(program, {{kMain, 1, kFirst}}).diverged_at == 0);
    CHECK(follow(program, {{kMain}}).diverged_at == kNever);
  }
}

TEST_CASE("a schedule holds where thread ids are others") {
  // Whose child gets which id depends on who starts first; the schedule names threads by their place in the family.
  std::vector<std::string> logs;
  auto program = [&] {
    std::string log;
    variable<int> x;
    auto family = [&](char c) {
      return [&, c] {
        x.store(1);
        thread child([&, c] {
          x.store(2);
          log += c;
        });
        child.join();
      };
    };
    thread a(family('a')), b(family('b'));
    a.join();
    b.join();
    logs.push_back(log);
  };
  const std::uint64_t a = child_name(kFirst, 0), b = child_name(kSecond, 0);
  follow(program, {{kFirst}, {kSecond}, {b}, {a}});
  follow(program, {{kSecond}, {kFirst}, {b}, {a}});
  CHECK(logs == std::vector<std::string>{"ba", "ba"});
}

TEST_CASE("every schedule that a search has followed replays to the same end") {
  using namespace programs;
  Generator generate(5);
  int findings = 0;
  for (int k = 0; k < 60; ++k) {
    const RandomProgram p = generate(kLocks | kConditions | kSemaphores | kQueues | kChoices | kTimeouts |
                                     kEvents | kBarriers | kLives | kOnce | kDestroy | kExits);
    CAPTURE(p.text());
    auto program = model(p);
    CheckOptions o;
    o.notify_any = p.notify_any;
    o.limits.executions = 200;
    o.strategy = k % 2 ? StrategyKind::Random : StrategyKind::Exhaustive;
    const CheckReport r = check_all(program, o);
    for (const CheckedFinding& f : r.findings) {
      ++findings;
      REQUIRE(f.trace.findings.size() == 1);
      Engine e;
      e.set_notify_any(p.notify_any);
      test::Model<decltype(program)> model(program);
      const ReplayReport again = explore::replay(e, model, f.trace, r.revealed);
      CHECK_MESSAGE(!again.diverged, again.step, ": expected ", again.expected, ", got ", again.actual);
      CHECK(again.reproduced);
      CHECK(again.trace.events == f.trace.events);
      CHECK(again.trace.blocked.size() == f.trace.blocked.size());
    }
  }
  CHECK(findings > 20);
}

TEST_CASE("a witness replays in another engine, and shows its finding again") {
  const Trace t = witness(failing());
  CHECK(t.outcome == "complete");
  const ReplayReport r = replay_in_new_engine(failing(), t);
  CHECK_FALSE(r.diverged);
  CHECK(r.reproduced);
  CHECK(r.trace.schedule == t.schedule);
  CHECK(r.trace.threads == t.threads);
}

TEST_CASE("a trace without a finding replays without one") {
  Trace t = witness(failing());
  t.findings.clear();
  const ReplayReport r = replay_in_new_engine(failing(), t);
  CHECK_FALSE(r.diverged);
  CHECK_FALSE(r.reproduced);
}

TEST_CASE("another finding is not the recorded one") {
  Trace t = witness(failing());
  t.findings[0].fingerprint = "0000000000000000";
  const ReplayReport r = replay_in_new_engine(failing(), t);
  CHECK_FALSE(r.diverged);
  CHECK_FALSE(r.reproduced);
}

TEST_CASE("what was made visible in the search has to be visible in the replay") {
  auto program = [] {
    variable<int> x;
    thread t([&] { x.store(1); });
    const bool alive = engine::is_alive(*Engine::current(), t.get_id(), {});
    t.join();
    require(alive);
  };
  const CheckReport r = check_all(program);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.revealed == static_cast<std::uint8_t>(engine::Hidden::ThreadEnds));
  const ReplayReport again = replay_in_new_engine(program, r.findings[0].trace, r.revealed);
  CHECK_FALSE(again.diverged);
  CHECK(again.reproduced);
}

TEST_CASE("the first difference is named") {
  const Trace t = witness(failing());
  SUBCASE("another value") {
    auto changed = [] {
      variable<int> x(0, "x");
      thread a([&] { x.store(7); });
      thread b([&] { require(x.load() == 0, "x is 0"); });
      a.join();
      b.join();
    };
    const ReplayReport r = replay_in_new_engine(changed, t);
    REQUIRE(r.diverged);
    CHECK_FALSE(r.reproduced);
    // Places are compared as well; the write is the first event that differs in either.
    CHECK(r.expected.find("t1 write x = 1") == 0);
    CHECK(r.actual.find("t1 write x = 7") == 0);
    CHECK(t.events[static_cast<std::size_t>(r.step - 1)].operation == "write");
  }
  SUBCASE("another operation") {
    auto changed = [] {
      variable<int> x(0, "x");
      thread a([&] { x.load(); });
      thread b([&] { require(x.load() == 0, "x is 0"); });
      a.join();
      b.join();
    };
    const ReplayReport r = replay_in_new_engine(changed, t);
    REQUIRE(r.diverged);
    CHECK(r.actual.find("t1 read x -> 0") == 0);
  }
  SUBCASE("it ends early") {
    const ReplayReport r = replay_in_new_engine([] {}, t);
    REQUIRE(r.diverged);
    CHECK(r.step == 1);
    CHECK(r.actual != r.expected);
  }
  SUBCASE("it goes on") {
    auto program = [](bool twice) {
      return [twice] {
        mutex m("m");
        m.lock();
        if (twice) m.lock();
      };
    };
    const Trace stuck = witness(program(true));
    const ReplayReport r = replay_in_new_engine(program(false), stuck);
    REQUIRE(r.diverged);
    CHECK(r.step == 2);
    CHECK(r.expected == "the end of the execution");
    CHECK(r.actual == "main end");
  }
  SUBCASE("it ends differently") {
    Trace other = t;
    other.outcome = "deadlock";
    const ReplayReport r = replay_in_new_engine(failing(), other);
    REQUIRE(r.diverged);
    CHECK(r.step == static_cast<int>(t.events.size()) + 1);
    CHECK(r.expected.find("deadlock") != std::string::npos);
    CHECK(r.actual.find("complete") != std::string::npos);
  }
}

TEST_CASE("a malformed schedule is refused, and the decision is named") {
  for (const char* wrong : {"value", "value x", "value 1x", "wake", "wake 1", "wake 0.x", "later"}) {
    CAPTURE(wrong);
    Trace t = witness(failing());
    REQUIRE(t.schedule.size() == 2);
    t.schedule[1].alternative = wrong;
    try {
      replay_in_new_engine(failing(), t);
      FAIL("no exception");
    } catch (const engine::UserError& e) {
      CHECK(std::string(e.what()).find("decision 2") != std::string::npos);
      CHECK(std::string(e.what()).find(wrong) != std::string::npos);
    }
  }
  Trace t = witness(failing());
  t.threads[1].id = "not a thread";
  CHECK_THROWS_AS(replay_in_new_engine(failing(), t), engine::UserError);
}

TEST_CASE("a failure in an execution that was cut replays, and is cut at the same place") {
  auto program = [] {
    variable<int> x(0, "x");
    thread spinner([&] {
      while (x.load() == 0) {
      }
    });
    thread failing([&] { require(x.load() == 1, "x is 1"); });
    spinner.join();
    failing.join();
  };
  CheckOptions o;
  o.strategy = StrategyKind::Random;
  o.limits.executions = 1;
  o.max_steps = 30;
  const CheckReport r = check_all(program, o);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].trace.outcome == "truncated");
  const ReplayReport again = replay_in_new_engine(program, r.findings[0].trace);
  CHECK_MESSAGE(!again.diverged, again.step, ": expected ", again.expected, ", got ", again.actual);
  CHECK(again.reproduced);
}

TEST_CASE("under the virtual clock a schedule means the same") {
  using namespace std::chrono_literals;
  auto program = [] {
    variable<int> x(0, "x");
    thread a([&] {
      this_thread::sleep_for(5ns);
      x.store(1);
      this_thread::sleep_for(3ns);
      x.store(2);
    });
    thread b([&] {
      this_thread::sleep_for(7ns);
      require(x.load() == 0, "x is 0");
    });
    a.join();
    b.join();
  };
  for (StrategyKind s : {StrategyKind::Random, StrategyKind::Brute}) {
    CheckOptions o;
    o.strategy = s;
    o.virtual_clock = true;
    o.limits.executions = 5;
    const CheckReport r = check_all(program, o);
    REQUIRE(r.findings.size() == 1);
    CHECK(r.findings[0].count == r.statistics.executions);
    Engine e;
    e.set_virtual_clock(true);
    test::Model<decltype(program)> model(program);
    const ReplayReport again = explore::replay(e, model, r.findings[0].trace, 0);
    CHECK_MESSAGE(!again.diverged, again.step, ": expected ", again.expected, ", got ", again.actual);
    CHECK(again.reproduced);
  }
}

TEST_CASE("a trace knows how many units a semaphore has after each operation on it") {
  const auto failing = [] {
    counting_semaphore<> s(2);
    thread other([&] { s.release(3); });
    other.join();
    s.acquire();
    s.try_acquire();
    mutex m;
    m.lock();
    m.lock();
  };
  const CheckReport r = check_all(failing);
  REQUIRE(!r.findings.empty());
  std::vector<int> units;
  for (const engine::TraceEvent& e : r.findings[0].trace.events)
    if (e.operation == "release" || e.operation == "acquire" || e.operation == "try-acquire")
      units.push_back(e.items);
  CHECK(units == std::vector<int>{5, 4, 3});
}
