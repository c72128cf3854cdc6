// One execution and a series of them: scheduling, outcomes, names, limits, hidden things.
#include "checker/engine/engine.h"

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/choose.h"
#include "checker/engine/condition.h"
#include "checker/engine/mutex.h"
#include "checker/engine/semaphore.h"
#include "checker/engine/sleep.h"
#include "checker/explore/transitions.h"
#include "raddle/atomic.h"
#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle::engine;
using raddle::thread;
using raddle::variable;
using raddle::test::Model;
using raddle::test::search;

namespace {

using Order = std::vector<Tid>;

/// Executions in which threads run in the given orders; behind their ends the lowest one that can go on.
class Scheduled : public Strategy {
 public:
  explicit Scheduled(std::size_t executions = 1) : orders_(executions) {}
  explicit Scheduled(std::vector<Order> orders) : orders_(std::move(orders)) {}

  bool begin(Engine&) override { return outcomes.size() < orders_.size(); }
  Decision pick(Engine& e, Tid) override {
    ++picks;
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    const Order& order = orders_[outcomes.size()];
    const auto step = static_cast<std::size_t>(e.step());
    const Tid t = step < order.size() ? order[step] : e.ready().find([&](Tid r) { return e.runnable(r); });
    if (t == kNoThread) return kStop;
    return {t, raddle::explore::first_alternative(e, t)};
  }
  void end(Engine& e, Outcome o) override {
    outcomes.push_back(o);
    steps.push_back(e.step());
  }
  void restart(Engine&) override {
    ++restarts;
    outcomes.clear();
    steps.clear();
  }

  std::vector<Outcome> outcomes;
  std::vector<Step> steps;
  int picks = 0, restarts = 0;

 private:
  std::vector<Order> orders_;
};

/// Any enabled transition, by chance.
class Random : public Strategy {
 public:
  Random(unsigned seed, int executions) : random_(seed), left_(executions) {}
  bool begin(Engine&) override { return left_-- > 0; }
  Decision pick(Engine& e, Tid) override {
    // Sometimes let a thread run to its next operation, sometimes not.
    if (!e.launchable().empty() && random_() % 2) return {e.launchable().first(), 0};
    std::vector<Decision> enabled;
    raddle::explore::for_each_enabled(e, [&](Tid t, Alternative a) { enabled.push_back({t, a}); });
    if (!enabled.empty()) return enabled[random_() % enabled.size()];
    return e.launchable().empty() ? kStop : Decision{e.launchable().first(), 0};
  }

 private:
  std::minstd_rand random_;
  int left_;
};

template <class F>
void run(Engine& e, Strategy& s, const F& program) {
  Model<F> model(program);
  e.run(s, model);
}
template <class F>
void run(Strategy& s, const F& program) {
  Engine e;
  run(e, s, program);
}

Thread& self() { return Engine::current()->self(); }

template <class F>
raddle::explore::Statistics brute_force_virtual(const F& program) {
  Engine e;
  e.set_virtual_clock(true);
  raddle::explore::Inspector inspector;
  raddle::explore::Brute brute(inspector);
  run(e, brute, program);
  CHECK(brute.complete());
  return inspector.statistics();
}

}  // namespace

TEST_CASE("operations are executed in the order that the strategy wants, each in one piece") {
  std::string log;
  auto program = [&] {
    variable<int> x;
    auto f = [&](char upper, char lower) {
      return [&log, &x, upper, lower] {
        x.load();
        log += upper;
        x.load();
        log += lower;
      };
    };
    thread a(f('A', 'a')), b(f('B', 'b'));
    a.join();
    b.join();
  };
  for (const auto& [order, expected] : std::map<Order, std::string>{
           {{1, 1, 2, 2}, "AaBb"}, {{1, 2, 1, 2}, "ABab"}, {{2, 2, 1, 1}, "BbAa"}, {{2, 1, 1, 2}, "BAab"}}) {
    log.clear();
    Scheduled s({order});
    run(s, program);
    CHECK(log == expected);
    CHECK(s.steps == std::vector<Step>{4});
  }
}

TEST_CASE("threads and objects have the same ids in all executions, whatever the schedule") {
  std::map<std::string, std::set<std::uint64_t>> ids;
  auto note = [&](const std::string& what, std::uint64_t id) { ids[what].insert(id); };
  auto program = [&] {
    variable<int> x;
    auto child = [&](const std::string& me) {
      return [&, me] {
        Engine& e = *Engine::current();
        note(me, self().name);
        x.load();
        note(me + " object 0", e.new_object());
        x.load();
        note(me + " object 1", e.new_object());
        thread grandchild([&, me] {
          note(me + " child id", self().id);
          note(me + " child", self().name);
          x.load();
          note(me + " child's object", e.new_object());
        });
        x.load();
        note(me + " object 2", e.new_object());
        note("named", e.named_object(77));
        grandchild.join();
      };
    };
    thread a(child("a")), b(child("b")), c(child("c"));
    a.join();
    b.join();
    c.join();
  };
  Random random(3, 500);
  run(random, program);
  std::set<std::uint64_t> objects, names, threads;
  std::size_t object_count = 0, name_count = 0, thread_count = 0;
  for (const auto& [what, values] : ids) {
    const auto shown_what = what;  // clang 14 captures no bindings
    CAPTURE(shown_what);
    CHECK(values.size() == 1);
    const bool object = what.find("object") != std::string::npos || what == "named";
    const bool id = what.ends_with("id");
    (object ? objects : id ? threads : names).insert(*values.begin());
    ++(object ? object_count : id ? thread_count : name_count);
  }
  CHECK(objects.size() == object_count);
  CHECK(names.size() == name_count);
  CHECK(threads.size() == thread_count);
}

TEST_CASE("a thread's structural name is the same in every search, its id need not be") {
  struct Grandchild {
    Tid id;
    std::uint64_t name;
  };
  auto with_first = [](Tid first) {
    Grandchild g{};
    auto program = [&] {
      variable<int> x;
      auto f = [&](bool mine) {
        return [&, mine] {
          x.load();
          thread t([&, mine] {
            if (mine) g = {self().id, self().name};
          });
          t.join();
        };
      };
      thread a(f(true)), b(f(false));
      a.join();
      b.join();
    };
    Scheduled s(std::vector<Order>(1, {first}));
    run(s, program);
    return g;
  };
  const Grandchild early = with_first(1), late = with_first(2);
  CHECK(early.id == 3);
  CHECK(late.id == 4);
  CHECK(early.name == late.name);
  CHECK(early.name == child_name(child_name(1, 0), 0));
}

TEST_CASE("child names differ") {
  std::set<std::uint64_t> names{1};
  std::size_t expected = 1;
  for (std::uint64_t a = 0; a < 40; ++a) {
    names.insert(child_name(1, a)), ++expected;
    for (std::uint64_t b = 0; b < 40; ++b) names.insert(child_name(child_name(1, a), b)), ++expected;
  }
  CHECK(names.size() == expected);
}

TEST_CASE("objects are new in every execution") {
  std::vector<int> counts;
  auto program = [&] {
    Engine& e = *Engine::current();
    const ObjectId made = e.new_object(3, 5), named = e.named_object(1);
    counts.push_back(e.object(made).n);
    counts.push_back(e.object(named).n);
    e.object(made).n = e.object(named).n = 9;
    CHECK(e.named_object(1) == named);
    CHECK(e.object(named).n == 9);
  };
  Scheduled s(2);
  run(s, program);
  CHECK(counts == std::vector<int>{3, 0, 3, 0});
}

TEST_CASE("how an execution ends") {
  SUBCASE("all threads have ended") {
    Scheduled s;
    run(s, [] { thread([] {}).join(); });
    CHECK(s.outcomes == std::vector{Outcome::Complete});
  }
  SUBCASE("nobody can go on: pending operations can still be seen") {
    struct Looking : Scheduled {
      using Scheduled::Scheduled;
      void end(Engine& e, Outcome o) override {
        Scheduled::end(e, o);
        CHECK(e.alive().size() == 2);
        CHECK(e.ready().contains(1));
        CHECK(e.thread(1).op.kind == OpKind::Acquire);
        CHECK_FALSE(e.enabled(1));
        CHECK_FALSE(e.can_continue());
        CHECK(e.thread(0).waiting == Waiting::Join);
        CHECK(e.thread(0).waiting_for == 1);
      }
    } s;
    run(s, [] {
      Semaphore semaphore(*Engine::current(), 0);
      thread([&] { semaphore.acquire(*Engine::current(), {}); }).join();
    });
    CHECK(s.outcomes == std::vector{Outcome::Deadlock});
  }
  SUBCASE("the strategy has seen enough") {
    struct Impatient : Scheduled {
      using Scheduled::Scheduled;
      Decision pick(Engine& e, Tid t) override { return e.step() == 2 ? kStop : Scheduled::pick(e, t); }
    } s;
    run(s, [] {
      variable<int> x;
      for (int i = 0; i < 5; ++i) x.load();
    });
    CHECK(s.outcomes == std::vector{Outcome::Stopped});
    CHECK(s.steps == std::vector<Step>{2});
  }
  SUBCASE("the model cannot be controlled") {
    struct Looking : Scheduled {
      using Scheduled::Scheduled;
      void end(Engine& e, Outcome o) override {
        Scheduled::end(e, o);
        CHECK(e.abort_reason() == "for a test");
      }
    } s(2);
    bool after = false;
    run(s, [&] {
      Engine::current()->abort("for a test");
      after = true;
    });
    CHECK(s.outcomes == std::vector{Outcome::Aborted, Outcome::Aborted});
    CHECK_FALSE(after);
  }
}

TEST_CASE("the step limit") {
  auto program = [] {
    variable<int> x;
    for (int i = 0; i < 10; ++i) x.load();
  };
  for (const auto& [limit, outcome, steps] :
       {std::tuple{10, Outcome::Complete, 10}, std::tuple{11, Outcome::Complete, 10},
        std::tuple{9, Outcome::Truncated, 9}}) {
    const auto shown_limit = limit;  // clang 14 captures no bindings
    CAPTURE(shown_limit);
    Engine e;
    e.set_max_steps(limit);
    Scheduled s(2);
    run(e, s, program);
    CHECK(s.outcomes == std::vector{outcome, outcome});
    CHECK(s.steps == std::vector<Step>{steps, steps});
  }
}

TEST_CASE("1024 threads are possible, with main; not one more") {
  for (int n : {kMaxThreads - 1, kMaxThreads}) {
    struct Looking : Scheduled {
      using Scheduled::Scheduled;
      void end(Engine& e, Outcome o) override {
        Scheduled::end(e, o);
        reason = e.abort_reason();
        threads = e.thread_count();
      }
      std::string reason;
      int threads = 0;
    } s(2);
    int ran = 0;
    run(s, [&] {
      raddle::atomic<int> x;
      std::vector<thread> t;
      for (int i = 0; i < n; ++i) t.emplace_back([&] { x.fetch_add(1), ++ran; });
      for (thread& each : t) each.join();
    });
    CHECK(s.threads == kMaxThreads);
    if (n < kMaxThreads) {
      CHECK(s.outcomes == std::vector{Outcome::Complete, Outcome::Complete});
      CHECK(ran == 2 * n);
    } else {
      CHECK(s.outcomes == std::vector{Outcome::Aborted, Outcome::Aborted});
      CHECK(s.reason == "the model starts more than 1024 threads");
    }
  }
}

TEST_CASE("a script is followed without asking the strategy") {
  struct Scripted : Scheduled {
    using Scheduled::Scheduled;
    bool begin(Engine& e) override {
      if (!Scheduled::begin(e)) return false;
      picks = 0;
      e.set_script(script.data(), static_cast<Step>(script.size()));
      CHECK(e.in_script());
      return true;
    }
    Decision pick(Engine& e, Tid t) override {
      CHECK_FALSE(e.in_script());
      CHECK(e.step() >= 3);
      return Scheduled::pick(e, t);
    }
    std::vector<Decision> script;
  } s;
  s.script = {{2}, {1}, {2}};
  std::string log;
  run(s, [&] {
    variable<int> x;
    auto f = [&](char c) {
      return [&log, &x, c] {
        for (int i = 0; i < 3; ++i) x.load(), log += c;
      };
    };
    thread a(f('a')), b(f('b'));
    a.join();
    b.join();
  });
  CHECK(log == "babaab");
}

TEST_CASE("a script that names a thread which is not there ends the execution") {
  struct Scripted : Scheduled {
    using Scheduled::Scheduled;
    bool begin(Engine& e) override {
      e.set_script(script, 1);
      return Scheduled::begin(e);
    }
    void end(Engine& e, Outcome o) override {
      Scheduled::end(e, o);
      reason = e.abort_reason();
    }
    Decision script[1] = {{5, 0}};
    std::string reason;
  } s;
  run(s, [] {
    variable<int> x;
    x.load();
  });
  CHECK(s.outcomes == std::vector{Outcome::Aborted});
  CHECK(s.reason.find("did not do the same again") != std::string::npos);
}

TEST_CASE("threads start when they are first chosen, or at once on request") {
  std::string log;
  auto program = [&](bool eager) {
    return [&, eager] {
      Engine& e = *Engine::current();
      variable<int> x;
      const Tid t = e.spawn();
      e.body(t).set([&] {
        log += "[";
        x.load();
        log += "]";
      });
      if (eager) e.launch_now(t);
      log += "main ";
      x.load();
      log += "again ";
      e.join(t);
      log += "joined";
    };
  };
  struct LateStart : Strategy {  // never launches what it need not
    bool begin(Engine&) override { return left-- > 0; }
    Decision pick(Engine& e, Tid) override {
      const Tid t = e.ready().find([&](Tid r) { return e.runnable(r); });
      return t != kNoThread           ? Decision{t, 0}
             : e.launchable().empty() ? kStop
                                      : Decision{e.launchable().first()};
    }
    int left = 1;
  };
  LateStart a, b;
  run(a, program(false));
  CHECK(log == "main again []joined");
  log.clear();
  run(b, program(true));
  CHECK(log == "[main again ]joined");
}

TEST_CASE("an eager start ends where the new thread blocks, ends, or starts another one eagerly") {
  std::string log;
  Scheduled s;
  run(s, [&] {
    Engine& e = *Engine::current();
    variable<int> x;
    auto eager = [&](auto body) {
      const Tid t = e.spawn();
      e.body(t).set(body);
      e.launch_now(t);
      return t;
    };
    const Tid ends = eager([&] { log += "ended "; });
    CHECK(e.ended(ends));
    const Tid nested = eager([&] {
      const Tid inner = eager([&] {
        log += "inner ";
        x.load();
      });
      log += "outer ";
      e.join(inner);
      log += "outer again ";
    });
    log += "main ";
    CHECK_FALSE(e.ended(nested));
    e.join(nested);
    e.join(ends);
    log += "done";
  });
  CHECK(log == "ended inner outer main outer again done");
  CHECK(s.outcomes == std::vector{Outcome::Complete});
}

TEST_CASE("an exit waits for all threads but daemons and what those started") {
  std::set<std::string> seen;
  auto program = [&] {
    Engine& e = *Engine::current();
    variable<int> x;
    std::string log;  // of this execution
    auto start = [&](bool daemon, auto body) {
      const Tid t = e.spawn(daemon);
      e.body(t).set(body);
    };
    start(false, [&] {
      x.store(1);
      log += "a";
    });
    start(true, [&] {
      start(false, [&] {
        x.load();
        log += "c";
      });
      x.load();
      log += "b";
    });
    struct Seen {
      std::string& log;
      std::set<std::string>& seen;
      ~Seen() { seen.insert(log); }
    } note{log, seen};
    const bool went_on = e.exit(false, {});
    CHECK_FALSE(went_on);
  };
  const auto s = search(program);
  CHECK(s.statistics.stop == raddle::explore::StopReason::Exhausted);
  std::set<std::string> sorted;
  for (std::string log : seen) {
    CHECK(log.find('a') != std::string::npos);
    std::sort(log.begin(), log.end());
    sorted.insert(log);
  }
  CHECK(sorted == std::set<std::string>{"a", "ab", "ac", "abc"});
}

TEST_CASE("an exit goes on if there never was anybody to kill; killing everything needs no waiting") {
  Scheduled s;
  bool went_on = false;
  run(s, [&] {
    Engine& e = *Engine::current();
    const bool alone = e.exit(true, {});
    variable<int> x;
    thread t([&] { x.load(); });
    const bool no_daemons = e.exit(false, {});
    went_on = alone && no_daemons && e.ended(t.get_id()) && !e.exited();
    t.detach();
  });
  CHECK(went_on);
  CHECK(s.outcomes == std::vector{Outcome::Complete});

  struct Looking : Scheduled {
    using Scheduled::Scheduled;
    void end(Engine& e, Outcome o) override {
      Scheduled::end(e, o);
      exited = e.exited();
    }
    bool exited = false;
  } all(std::vector<Order>(1, {2}));
  bool killed = true;
  run(all, [&] {
    Engine& e = *Engine::current();
    variable<int> x;
    const Tid t = e.spawn();
    e.body(t).set([&] {
      x.load();
      killed = false;
    });
    const Tid u = e.spawn();
    e.body(u).set([&] {
      e.exit(true, {});
      killed = false;
    });
    e.join(t);
    killed = false;
  });
  CHECK(killed);
  CHECK(all.exited);
  CHECK(all.outcomes == std::vector{Outcome::Complete});
  CHECK(all.steps == std::vector<Step>{1});
}

TEST_CASE("the first sight of something hidden starts the search again") {
  std::vector<bool> visible;
  bool after = false;
  // Only the second order gets to see it.
  Scheduled s({{1, 2}, {2, 1}, {1, 2}});
  Engine e;
  run(e, s, [&] {
    visible.push_back(e.is_revealed(Hidden::ThreadList));
    variable<int> x;
    thread t([&] { x.store(1); });
    thread u([&] {
      if (x.load() == 0 && !e.is_revealed(Hidden::ThreadList)) {
        e.reveal(Hidden::ThreadList);
        after = true;
      }
    });
    t.join();
    u.join();
  });
  CHECK(s.restarts == 1);
  CHECK_FALSE(after);
  CHECK(visible == std::vector<bool>{false, false, true, true, true});
  CHECK(s.outcomes.size() == 3);
  CHECK(e.revealed() == static_cast<std::uint8_t>(Hidden::ThreadList));
}

TEST_CASE("what is revealed from the start needs no restart") {
  Engine e;
  e.set_revealed(static_cast<std::uint8_t>(Hidden::ThreadEnds));
  int ends = 0;
  struct Counting : Scheduled {
    explicit Counting(int& n) : ends(n) {}
    Decision pick(Engine& e, Tid t) override {
      const Decision d = Scheduled::pick(e, t);
      if (d.tid != kNoThread && e.ready().contains(d.tid))
        ends += e.thread(d.tid).op.kind == OpKind::ThreadEnd;
      return d;
    }
    int& ends;
  } counting(ends);
  run(e, counting, [&] { thread([] {}).join(); });
  CHECK(counting.restarts == 0);
  CHECK(ends == 1);
}

TEST_CASE("a failure is recorded with its thread and step, and the thread goes on") {
  struct Looking : Scheduled {
    using Scheduled::Scheduled;
    void end(Engine& e, Outcome o) override {
      Scheduled::end(e, o);
      all.push_back(e.failures());
    }
    std::vector<std::vector<Failure>> all;
  } s(2);
  bool fails = true, went_on = false;
  run(s, [&] {
    variable<int> x;
    x.load();
    thread t([&] {
      x.load();
      Failure f;
      f.message = "for a test";
      if (fails) Engine::current()->fail(f);
      went_on = true;
    });
    t.join();
    fails = false;
  });
  REQUIRE(s.all.size() == 2);
  REQUIRE(s.all[0].size() == 1);
  CHECK(s.all[0][0].tid == 1);
  CHECK(s.all[0][0].step == 2);
  CHECK(s.all[0][0].message == "for a test");
  CHECK(went_on);
  CHECK(s.all[1].empty());
}

TEST_CASE("a destroyed object cannot be used; its id can, in the next execution") {
  std::vector<bool> usable;
  Scheduled s(2);
  run(s, [&] {
    Engine& e = *Engine::current();
    const ObjectId id = e.new_object();
    usable.push_back(e.usable(id));
    e.destroy(id, {});
    usable.push_back(e.usable(id));
    usable.push_back(e.usable(0));
    usable.push_back(e.usable(id + 1));
    usable.push_back(e.usable(0xFFFFFFFF));
  });
  const std::vector<bool> expected{true, false, false, false, false, true, false, false, false, false};
  CHECK(usable == expected);
}

TEST_CASE("threads may be suspended while they handle exceptions") {
  bool right = true;
  Random random(5, 100);
  run(random, [&] {
    variable<int> x;
    auto f = [&](int mine) {
      return [&, mine] {
        try {
          throw mine;
        } catch (int) {
          x.load();
          try {
            throw;
          } catch (int again) {
            right &= again == mine;
          }
          x.load();
          try {
            throw std::string(static_cast<std::size_t>(mine), 'x');
          } catch (const std::string& s) {
            x.load();
            right &= s.size() == static_cast<std::size_t>(mine);
          }
        }
        right &= !std::current_exception();
      };
    };
    thread a(f(1)), b(f(2)), c(f(3));
    a.join();
    b.join();
    c.join();
  });
  CHECK(right);
}

TEST_CASE("bodies are destroyed once, also of threads that never start") {
  struct Counted {
    explicit Counted(int& n) : alive(n) { ++alive; }
    Counted(const Counted& other) : alive(other.alive) { ++alive; }
    ~Counted() { --alive; }
    int& alive;
  };
  int alive = 0, big_alive = 0, ran = 0;
  struct Nothing : Strategy {  // runs main only
    bool begin(Engine&) override { return left-- > 0; }
    Decision pick(Engine& e, Tid) override { return e.ready().contains(0) ? Decision{0} : kStop; }
    int left = 3;
  } s;
  run(s, [&] {
    Engine& e = *Engine::current();
    variable<int> x;
    e.body(e.spawn()).set([c = Counted(alive), &ran] { ++ran; });
    e.body(e.spawn()).set(
        [c = Counted(big_alive), big = std::array<char, 500>(), &ran] { ran += big[0] + 1; });
    x.load();
  });
  CHECK(ran == 0);
  CHECK(alive == 0);
  CHECK(big_alive == 0);
  Scheduled all(2);
  run(all, [&] {
    Engine& e = *Engine::current();
    e.body(e.spawn()).set([c = Counted(alive), &ran] { ++ran; });
    e.body(e.spawn()).set(
        [c = Counted(big_alive), big = std::array<char, 500>(), &ran] { ran += big[0] + 1; });
  });
  CHECK(ran == 4);
  CHECK(alive == 0);
  CHECK(big_alive == 0);
}

TEST_CASE("one engine runs different programs, one after the other") {
  Engine e;
  int threads = 0;
  for (int n : {3, 1, 5}) {
    Scheduled s(2);
    run(e, s, [&, n] {
      raddle::atomic<int> x;
      programs::threads(n, [&](int) { x.fetch_add(1), ++threads; });
    });
    CHECK(e.thread_count() == n + 1);
    CHECK(e.executions() == 2);
  }
  CHECK(threads == 18);
}

TEST_CASE("there is a current engine only while one runs") {
  CHECK(Engine::current() == nullptr);
  Engine e;
  Scheduled s;
  run(e, s, [&] { CHECK(Engine::current() == &e); });
  CHECK(Engine::current() == nullptr);
}

TEST_CASE("different OS threads run engines of their own") {
  std::uint64_t executions[3] = {};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back(
        [&, i] { executions[i] = search(programs::counter(3, 1 + i % 2)).statistics.executions; });
  for (std::thread& t : threads) t.join();
  CHECK(executions[0] == 36);
  CHECK(executions[1] == 7134);
  CHECK(executions[2] == 36);
}

TEST_CASE("a thread's clock knows the sleeps that happen before") {
  auto times = [](Order order) {
    std::vector<std::int64_t> now(4);
    Scheduled s({std::move(order)});
    run(s, [&] {
      Engine& e = *Engine::current();
      variable<int> x;
      thread sleeper([&] {
        sleep(e, 500, {});
        x.store(1);
      });
      thread reader([&] {
        x.load();
        now[1] = self().now;
        thread([&] { now[2] = self().now; }).join();
      });
      reader.join();
      now[0] = self().now;
      sleeper.join();
      now[3] = self().now;
    });
    return now;
  };
  CHECK(times({1, 2}) == std::vector<std::int64_t>{500, 500, 500, 500});
  CHECK(times({2, 1}) == std::vector<std::int64_t>{0, 0, 0, 500});
}

TEST_CASE("under the virtual clock timeouts expire in the order of their deadlines") {
  for (const auto& [held, got] : {std::pair{5, 1}, std::pair{20, 0}}) {
    const auto shown_held = held;  // clang 14 captures no bindings
    CAPTURE(shown_held);
    std::set<int> answers;
    const auto b = brute_force_virtual([&, held = held] {
      Mutex m(*Engine::current());
      m.lock(*Engine::current(), {});
      thread t([&] { answers.insert(m.lock_for(*Engine::current(), 10, {})); });
      sleep(*Engine::current(), held, {});
      m.unlock(*Engine::current(), {});
      t.join();
    });
    CHECK(b.executions == 1);
    CHECK(answers == std::set<int>{got});
  }
}

TEST_CASE("under the virtual clock time goes on from where a repeated prefix leaves it") {
  // b has slept until 7 when a, which slept until 5 and runs into a choice, goes to sleep until 8.
  std::set<std::string> orders;
  const auto b = brute_force_virtual([&] {
    Engine& e = *Engine::current();
    std::string order;
    thread a([&] {
      sleep(e, 5, {});
      const int c = choose(e, 2, {});
      sleep(e, 3, {});
      order += c ? "A" : "a";
    });
    thread b([&] {
      sleep(e, 7, {});
      order += "b";
    });
    a.join();
    b.join();
    CHECK(e.virtual_now() == 8);
    orders.insert(order);
  });
  CHECK(b.executions == 2);
  CHECK(orders == std::set<std::string>{"ba", "bA"});
}

TEST_CASE("under the virtual clock a deadlock ends the execution, whatever deadlines have passed") {
  const auto b = brute_force_virtual([] {
    Engine& e = *Engine::current();
    Mutex m(e);
    Condition c(e);
    thread waiter([&] {
      m.lock(e, {});
      c.wait(e, m, 5, {});
    });
    thread greedy([&] {
      sleep(e, 1, {});
      m.lock(e, {});
      c.notify_all(e, {});
    });
    waiter.join();
    greedy.join();
  });
  CHECK(b.executions == 1);
  CHECK(b.deadlocks == 1);
}

TEST_CASE("the library's thread ids are the engine's, and unjoined threads run to their ends") {
  int ended = 0;
  Scheduled s(2);
  run(s, [&] {
    static variable<int>* x;
    alignas(variable<int>) static char memory[sizeof(variable<int>)];
    x = new (memory) variable<int>;
    thread([&] {
      x->load();
      ++ended;
    }).detach();
  });
  CHECK(ended == 2);
  CHECK(s.outcomes == std::vector{Outcome::Complete, Outcome::Complete});
}
