#include "checker/engine/history.h"

#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/choose.h"
#include "checker/engine/condition.h"
#include "checker/engine/event.h"
#include "checker/engine/life.h"
#include "checker/engine/semaphore.h"
#include "checker/explore/transitions.h"
#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::engine;

namespace {

/// One execution: threads in the given order (ids; behind its end the lowest that can go on), everything recorded.
class Recording : public Strategy {
 public:
  explicit Recording(std::vector<Decision> order) : order_(std::move(order)) {}

  bool begin(Engine&) override { return !std::exchange(done_, true); }
  void restart(Engine&) override {
    history.clear();
    done_ = false;
  }
  Decision pick(Engine& e, Tid) override {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    const auto step = static_cast<std::size_t>(e.step());
    Decision d;
    if (step < order_.size()) {
      d = order_[step];
    } else {
      d.tid = e.ready().find([&](Tid t) { return e.runnable(t); });
      if (d.tid == kNoThread) return kStop;
      d.alt = explore::first_alternative(e, d.tid);
    }
    history.append(e, d.tid, d.alt);
    return d;
  }
  void end(Engine& e, Outcome o) override {
    history.finish(e);
    outcome = o;
  }

  History history;
  Outcome outcome = Outcome::Complete;

 private:
  std::vector<Decision> order_;
  bool done_ = false;
};

struct Recorded {
  History history;
  Outcome outcome;
};

template <class F>
Recorded record(std::vector<Decision> order, const F& program) {
  Engine e;
  Recording r(std::move(order));
  test::Model<F> model(program);
  e.run(r, model);
  return {std::move(r.history), r.outcome};
}

void check_same(const HistoryEvent& a, const HistoryEvent& b) {
  CHECK(a.t.a0 == b.t.a0);
  CHECK(a.t.a1 == b.t.a1);
  CHECK(a.t.tid == b.t.tid);
  CHECK(a.t.alt == b.t.alt);
  CHECK(a.t.kind == b.t.kind);
  CHECK(a.t.flags == b.t.flags);
  CHECK(a.t.arity == b.t.arity);
  CHECK(a.base == b.base);
  CHECK(a.guards == b.guards);
  CHECK(a.index == b.index);
  CHECK(a.prev0 == b.prev0);
  CHECK(a.prev1 == b.prev1);
  CHECK(a.prev_write0 == b.prev_write0);
  CHECK(a.prev_write1 == b.prev_write1);
  CHECK(a.prev_own == b.prev_own);
  CHECK(a.notifier == b.notifier);
  CHECK(a.since == b.since);
  CHECK(a.value == b.value);
  CHECK(a.result == b.result);
  CHECK(a.site == b.site);
}

std::vector<int> waiters(const History& h, Step s) { return {h.waiters_begin(h[s]), h.waiters_end(h[s])}; }

/// Random executions in a row, each recorded twice: in a history that is kept and rewound to a random common prefix,
/// and in one that starts from nothing.
class Twice : public Strategy {
 public:
  explicit Twice(unsigned seed) : random_(seed) { kept.track_past(true); }

  bool begin(Engine&) override {
    if (executions_ == 25) return false;
    fresh = History();
    fresh.track_past(true);
    keep_ = kept.size() ? static_cast<Step>(random_() % static_cast<unsigned>(kept.size() + 1)) : 0;
    kept.rewind(keep_);
    schedule_.resize(static_cast<std::size_t>(keep_));
    return true;
  }
  void restart(Engine&) override {
    kept.clear();
    schedule_.clear();
    executions_ = 0;
  }
  Decision pick(Engine& e, Tid) override {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    const Step step = e.step();
    Decision d;
    if (step < keep_) {
      d = schedule_[static_cast<std::size_t>(step)];
    } else {
      std::vector<Decision> enabled;
      explore::for_each_enabled(e, [&](Tid t, Alternative a) { enabled.push_back({t, a}); });
      if (enabled.empty()) return kStop;
      d = enabled[random_() % enabled.size()];
      schedule_.push_back(d);
      kept.append(e, d.tid, d.alt);
    }
    fresh.append(e, d.tid, d.alt);
    return d;
  }
  void end(Engine& e, Outcome) override {
    kept.finish(e);
    fresh.finish(e);
    compare(e);
    ++executions_;
  }

  History kept, fresh;
  int compared = 0;

 private:
  void compare(const Engine& e) {
    REQUIRE(kept.size() == fresh.size());
    for (Step s = 0; s < kept.size(); ++s) {
      CAPTURE(s);
      CAPTURE(name(kept[s].t.kind));
      check_same(kept[s], fresh[s]);
      CHECK(kept.past(s) == fresh.past(s));
      if (is_memory(kept[s].t.kind))
        CHECK(kept[s].n == fresh[s].n);
      else
        CHECK(waiters(kept, s) == waiters(fresh, s));
    }
    for (ObjectId o = 1; o < e.objects().size(); ++o) {
      CHECK(kept.last(o).access == fresh.last(o).access);
      CHECK(kept.last(o).write == fresh.last(o).write);
    }
    for (Tid t = 0; t < e.thread_count(); ++t) CHECK(kept.last_own(t) == fresh.last_own(t));
    compared += kept.size();
  }

  std::minstd_rand random_;
  std::vector<Decision> schedule_;
  Step keep_ = 0;
  int executions_ = 0;
};

}  // namespace

TEST_CASE("accesses are chained by object and by thread") {
  ObjectId x = 0, y = 0;
  const auto [h, outcome] = record({{1}, {1}, {2}, {2}, {1}}, [&] {
    Engine& e = *Engine::current();
    x = e.new_object();
    y = e.new_object();
    thread a([&] {
      e.visible(OpKind::Write, writes(x), 0, {});  // 0
      e.visible(OpKind::Write, writes(y), 0, {});  // 1
      e.visible(OpKind::Write, writes(x), 0, {});  // 4
    });
    thread b([&] {
      e.visible(OpKind::Read, reads(x), 0, {});  // 2
      e.visible(OpKind::Read, reads(x), 0, {});  // 3
    });
    a.join();
    b.join();
  });
  REQUIRE(h.size() == 5);
  CHECK(h[0].prev0 == kNever);
  CHECK(h[0].prev_own == kNever);
  CHECK(h[1].prev0 == kNever);
  CHECK(h[1].prev_own == 0);
  CHECK(h[2].prev0 == 0);
  CHECK(h[2].prev_write0 == 0);
  CHECK(h[3].prev0 == 2);
  CHECK(h[3].prev_write0 == 0);  // a read is no write
  CHECK(h[4].prev0 == 3);
  CHECK(h[4].prev_write0 == 0);
  CHECK(h[4].prev_own == 1);
  CHECK(h[4].index == 3);
  CHECK(h.last(x).access == 4);
  CHECK(h.last(x).write == 4);
  CHECK(h.last(y).access == 1);
  CHECK(h.last(1000).access == kNever);
  CHECK(h.last_own(1) == 4);
  CHECK(h.last_own(2) == 3);
  CHECK(h.last_own(0) == kNever);
}

TEST_CASE("the guard bits are those before the event") {
  const auto [h, outcome] = record({}, [] {
    Engine& e = *Engine::current();
    Mutex m(e);
    m.lock(e, {});
    m.unlock(e, {});
    Semaphore s(e, 1);
    s.acquire(e, {});
    s.release(e, 1, {});
  });
  REQUIRE(h.size() == 4);
  CHECK((h[0].guards & kIfZero) != 0);
  CHECK((h[1].guards & kIfZero) == 0);
  CHECK((h[2].guards & kIfPositive) != 0);
  CHECK((h[3].guards & kIfPositive) == 0);
}

TEST_CASE("a wait touches mutex and condition variable, and waiters are those before the event") {
  ObjectId c = 0;
  auto program = [&] {
    Engine& e = *Engine::current();
    Mutex m(e);
    Condition condition(e);
    c = condition.id();
    auto waiter = [&] {
      m.lock(e, {});
      condition.wait(e, m, -1, {});
      m.unlock(e, {});
    };
    thread a(waiter), b(waiter);
    thread n([&] {
      condition.notify_one(e, {});
      condition.notify_all(e, {});
    });
    a.join();
    b.join();
    n.join();
  };
  // lock wait (2) | lock wait (1) | notify 1 | notify all
  const auto [h, outcome] = record({{2}, {2}, {1}, {1}, {3, 2}, {3}}, program);
  CHECK(outcome == Outcome::Complete);
  REQUIRE(h.size() == 10);
  CHECK(object_of(h[1].t.a1) == c);
  CHECK(h[1].prev0 == 0);
  CHECK(h[1].prev1 == kNever);
  CHECK(h[3].prev1 == 1);
  CHECK(waiters(h, 1).empty());
  CHECK(waiters(h, 3) == std::vector<int>{2});
  CHECK(waiters(h, 4) == std::vector<int>{2, 1});
  CHECK(waiters(h, 5) == std::vector<int>{2});
  CHECK(h.was_waiting(h[4], 1));
  CHECK_FALSE(h.was_waiting(h[5], 1));
  CHECK(History::previous(h[4], c) == 3);
  CHECK(History::previous(h[3], c) == 1);
  // Each wake-up knows its notification, and was not possible before.
  for (Step s = 6; s < 10; ++s)
    if (h[s].t.kind == OpKind::Wake) CHECK(h[s].notifier == (h[s].t.tid == 1 ? 4 : 5));
}

TEST_CASE("an expired timeout is an event on the object whose state it changes") {
  ObjectId m = 0, c = 0, ev = 0;
  auto program = [&] {
    Engine& e = *Engine::current();
    Mutex mutex(e);
    Condition condition(e);
    Event event(e);
    m = mutex.id(), c = condition.id(), ev = event.id();
    mutex.lock(e, {});
    thread t([&] { mutex.lock_for(e, 1, {}); });
    t.join();
    condition.wait(e, mutex, 1, {});
    event.wait_for(e, 1, {});
  };
  const auto [h, outcome] = record({{0}, {1, kExpire}, {0}, {0, kExpire}, {0}, {0, kExpire}}, program);
  REQUIRE(h.size() == 6);
  CHECK(h[1].t.kind == OpKind::Expire);
  CHECK(h[1].base == OpKind::Lock);
  CHECK(h[1].t.a0 == reads(m));
  CHECK(h[3].base == OpKind::Wake);
  CHECK(h[3].t.a0 == writes(c));
  CHECK(h[3].notifier == kNever);
  CHECK(h[4].t.kind == OpKind::Wake);
  CHECK(h[4].notifier == 3);  // its own expiry lets it go on
  CHECK(h[5].base == OpKind::EventWait);
  CHECK(h[5].t.a0 == reads(ev));
}

TEST_CASE("an event was pending since what its thread waited for before it") {
  const auto [h, outcome] = record({{1}, {2}, {1}, {2}, {0}}, [] {
    variable<int> x;
    auto f = [&] {
      x.load();
      x.load();
    };
    thread a(f), b(f);
    a.join();
    b.join();
    x.load();
  });
  REQUIRE(h.size() == 5);
  CHECK(h[0].since == 0);
  CHECK(h[1].since == 0);
  CHECK(h[2].since == 1);
  CHECK(h[3].since == 2);
  CHECK(h[4].since == 4);  // both joins
}

TEST_CASE("results are known when the thread has gone on, or at the end") {
  const auto [h, outcome] = record({}, [] {
    Engine& e = *Engine::current();
    variable<int> x(7);
    Mutex m(e);
    x.load();
    m.try_lock(e, {});
    m.try_lock(e, {});
  });
  REQUIRE(h.size() == 3);
  CHECK(h[0].result == 7);
  CHECK(h[1].result == 1);
  CHECK(h[2].result == 0);
}

TEST_CASE("transitions know whether an exit ends their thread, and whether they may time out") {
  auto program = [] {
    Engine& e = *Engine::current();
    Mutex m(e);
    variable<int> x;
    const Tid daemon = e.spawn(true);
    e.body(daemon).set([&] {
      const Tid child = e.spawn(false);
      e.body(child).set([&] { x.load(); });
      x.load();
    });
    m.lock_for(e, 1, {});
    e.exit(true, {});
  };
  const auto [h, outcome] = record({{0}, {1}, {2}, {0}}, program);
  REQUIRE(h.size() == 4);
  CHECK(h[0].t.flags == Transition::kTimed);
  CHECK(h[1].t.flags == Transition::kKillable);
  CHECK(h[2].t.flags == Transition::kKillable);  // started by a daemon
  CHECK(h[3].t.flags == (Transition::kExit | Transition::kKillsAll));
  CHECK(conflict(h[3].t, h[0].t));
  CHECK_FALSE(conflict(h[0].t, h[1].t));
  Transition end_of_main = h[3].t;
  end_of_main.flags = Transition::kExit;  // one that kills daemons only
  CHECK(conflict(end_of_main, h[1].t));
  CHECK_FALSE(conflict(end_of_main, h[0].t));
}

TEST_CASE("what a thread has learnt does not depend on who ran in between") {
  auto past_of_last = [](const History& h, Tid t) { return h.past(h.last_own(t)); };
  auto record_past = [](std::vector<Decision> order, int value) {
    Engine e;
    Recording r(std::move(order));
    r.history.track_past(true);
    auto program = [value] {
      variable<int> x(value), y;
      thread a([&] {
        x.load();
        y.store(1);
      });
      thread b([&] { y.load(); });
      a.join();
      b.join();
    };
    test::Model<decltype(program)> model(program);
    e.run(r, model);
    return std::move(r.history);
  };
  const auto early = record_past({{1}, {1}, {2}}, 5), late = record_past({{2}, {1}, {1}}, 5);
  const auto other = record_past({{1}, {1}, {2}}, 6);
  CHECK(past_of_last(early, 1) == past_of_last(late, 1));
  CHECK(past_of_last(early, 1) != past_of_last(other, 1));
}

TEST_CASE("a thread has learnt what its parent and the threads that it joined had learnt") {
  // Reads by parent and joined thread are their latest events before the start and the end.
  struct Pasts {
    std::uint64_t child, joiner;
  };
  auto pasts = [](std::vector<Decision> order, int a, int b) {
    Engine e;
    Recording r(std::move(order));
    r.history.track_past(true);
    auto program = [a, b] {
      variable<int> x(a), y(b), z;
      x.load();  // 0
      thread child([&] { z.load(); });
      thread other([&] { y.load(); });
      z.load();
      other.join();
      z.load();
      child.join();
    };
    test::Model<decltype(program)> model(program);
    e.run(r, model);
    Pasts p{};
    for (Step s = 0; s < r.history.size(); ++s) {
      if (r.history[s].t.tid == 1) p.child = r.history.past(s);
      if (r.history[s].t.tid == 0) p.joiner = r.history.past(s);
    }
    return p;
  };
  const std::vector<Decision> child_first{{0}, {1}, {2}, {0}, {0}}, child_last{{0}, {0}, {2}, {0}, {1}};
  const Pasts p = pasts(child_first, 1, 2), q = pasts(child_last, 1, 2);
  CHECK(p.child == q.child);
  CHECK(p.joiner == q.joiner);
  CHECK(pasts(child_first, 9, 2).child != p.child);
  CHECK(pasts(child_first, 1, 9).child == p.child);
  CHECK(pasts(child_first, 1, 9).joiner != p.joiner);
  CHECK(pasts(child_first, 9, 2).joiner != p.joiner);
}

TEST_CASE("rewinding gives the same as never having been further") {
  using namespace programs;
  Generator generate(1);
  int compared = 0;
  for (unsigned k = 0; k < (RADDLE_SANITIZED ? 30 : 120); ++k) {
    const RandomProgram p =
        generate(kCas | kLocks | kConditions | kSemaphores | kQueues | kChoices | kTimeouts | kEvents |
                 kBarriers | kLives | kOnce | kDestroy | kExits | kLarger);
    CAPTURE(p.text());
    Engine e;
    e.set_notify_any(p.notify_any);
    Twice twice(k);
    auto program = model(p);
    test::Model<decltype(program)> host(program);
    e.run(twice, host);
    compared += twice.compared;
  }
  CHECK(compared > (RADDLE_SANITIZED ? 100 : 10000));
}

TEST_CASE("clear forgets everything") {
  Engine e;
  History h;
  auto program = [] {
    variable<int> x;
    x.store(1);
    x.load();
  };
  test::Model<decltype(program)> model(program);
  Recording r({});
  e.run(r, model);
  CHECK(r.history.size() == 2);
  CHECK(r.history.bytes() > 0);
  r.history.clear();
  CHECK(r.history.size() == 0);
  CHECK(r.history.last(1).access == kNever);
  CHECK(r.history.last_own(0) == kNever);
}
