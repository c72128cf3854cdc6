// Happens-before and races of small executions made by hand. The searches that rest on them are compared with brute
// force in tests/fuzz.
#include "checker/explore/races.h"

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/engine/barrier.h"
#include "checker/engine/choose.h"
#include "checker/engine/condition.h"
#include "checker/engine/event.h"
#include "checker/engine/queue.h"
#include "checker/engine/semaphore.h"
#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/search.h"

using namespace raddle::engine;
using raddle::thread;
using raddle::variable;
using raddle::explore::Race;
using raddle::explore::Races;
using raddle::explore::Reversal;

namespace {

/// One execution: the given decisions, then whoever can go on. Kept with its races.
class Analysed : public Strategy {
 public:
  explicit Analysed(std::vector<Decision> order) : order_(std::move(order)) {}
  Analysed(std::initializer_list<Decision> order) : order_(order) {}
  bool begin(Engine&) override { return !std::exchange(done_, true); }
  void restart(Engine&) override {
    history.clear();
    races.rewind(0);
    done_ = false;
    ++restarts;
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
      d.alt = raddle::explore::first_alternative(e, d.tid);
    }
    races.add_event(e, history.append(e, d.tid, d.alt));
    return d;
  }
  void end(Engine& e, Outcome o) override {
    outcome = o;
    for (const Race& r : races.list()) reversals.push_back(races.reversal(e, r));
    races.for_each_pending(e, [&](const Reversal& r) { pending.push_back(r); });
  }
  bool unordered_access(const Engine& e, ObjectId o) const override {
    return !races.ordered(e, o, const_cast<Engine&>(e).self().id);
  }

  History history;
  Races races{history};
  std::vector<Reversal> reversals;  // of races.list()
  std::vector<Reversal> pending;    // of operations that were never executed
  Outcome outcome = Outcome::Complete;
  int restarts = 0;

  template <class F>
  void run(const F& model, bool notify_any = true, bool timeouts = true) {
    Engine e;
    e.set_notify_any(notify_any);
    e.set_timeouts(timeouts);
    auto program = [&] { model(*Engine::current()); };
    raddle::test::Model<decltype(program)> host(program);
    e.run(*this, host);
  }

  /// "0-2" for a race between executed events, "1=2" for alternative 2 of event 1, "1~3" for an operation that event 3
  /// withdrew and that was possible before event 1; sorted.
  std::vector<std::string> found() {
    std::vector<std::string> all;
    for (const Race& r : races.list()) {
      const std::string i = std::to_string(r.i), j = std::to_string(r.j);
      all.push_back(r.kind == Race::Kind::Executed      ? i + '-' + j
                    : r.kind == Race::Kind::Alternative ? i + '=' + std::to_string(r.alt)
                                                        : i + '~' + j);
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  /// The same for what was pending at the end: "1<t2" if thread 2's operation was possible before event 1.
  std::vector<std::string> found_pending() const {
    std::vector<std::string> all;
    for (const Reversal& r : pending) all.push_back(std::to_string(r.i) + "<t" + std::to_string(r.e2.tid));
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  std::vector<Decision> order_;
  bool done_ = false;
};

using Bodies = std::vector<std::function<void(Engine&)>>;
using Texts = std::vector<std::string>;

/// Threads 1, 2, ...; main joins them.
void run(const Bodies& bodies) {
  std::vector<thread> threads;
  for (const auto& b : bodies) threads.emplace_back([&b] { b(*Engine::current()); });
  for (thread& t : threads) t.join();
}

void load(ObjectId o) { Engine::current()->visible(OpKind::Read, reads(o), 0, {}); }
void store(ObjectId o) { Engine::current()->visible(OpKind::Write, writes(o), 0, {}); }

}  // namespace

TEST_CASE("accesses of two threads race if one of them writes") {
  auto two = [](void (*first)(ObjectId), void (*second)(ObjectId)) {
    Analysed a{{1}, {2}};
    a.run([&](Engine& e) {
      const ObjectId x = e.new_object();
      run({[&](Engine&) { first(x); }, [&](Engine&) { second(x); }});
    });
    CHECK(a.races.before(0, 1) == (first == store || second == store));
    return a.found();
  };
  CHECK(two(store, store) == Texts{"0-1"});
  CHECK(two(load, store) == Texts{"0-1"});
  CHECK(two(store, load) == Texts{"0-1"});
  CHECK(two(load, load).empty());
}

TEST_CASE("different objects do not race, nor does a thread with itself") {
  Analysed a{{1}, {1}, {2}};
  a.run([](Engine& e) {
    const ObjectId x = e.new_object(), y = e.new_object();
    run({[&](Engine&) { store(x), store(x); }, [&](Engine&) { store(y); }});
  });
  CHECK(a.found().empty());
  CHECK(a.races.before(0, 1));
  CHECK_FALSE(a.races.before(0, 2));
  CHECK(a.races.before(2, 2));
}

TEST_CASE("what is ordered by other events is no race") {
  Analysed a{{1}, {1}, {2}, {2}};
  a.run([](Engine& e) {
    const ObjectId x = e.new_object(), y = e.new_object();
    run({[&](Engine&) { store(x), store(y); }, [&](Engine&) { load(y), load(x); }});
  });
  CHECK(a.found() == Texts{"1-2"});
  CHECK(a.races.before(0, 3));
}

TEST_CASE("a write races with every read since the write before it, and with that if nobody read it") {
  Analysed a{{1}, {2}, {3}, {4}};
  a.run([](Engine& e) {
    const ObjectId x = e.new_object();
    auto w = [x](Engine&) { store(x); };
    auto r = [x](Engine&) { load(x); };
    run({w, r, r, w});
  });
  CHECK(a.found() == Texts{"0-1", "0-2", "1-3", "2-3"});
}

TEST_CASE("a lock races with the latest lock before which the mutex was free") {
  auto locks = [](int times) {
    Analysed a(std::vector<Decision>(static_cast<std::size_t>(2 * times), {1}));
    a.run([&](Engine& e) {
      Mutex m(e);
      auto critical = [&m](int n) {
        return [&m, n](Engine& f) {
          for (int i = 0; i < n; ++i) m.lock(f, {}), m.unlock(f, {});
        };
      };
      run({critical(times), critical(1)});
    });
    CHECK(a.races.before(2 * times - 1, 2 * times));
    return a.found();
  };
  CHECK(locks(1) == Texts{"0-2"});
  CHECK(locks(2) == Texts{"2-4"});
  CHECK(locks(3) == Texts{"4-6"});
}

TEST_CASE("a try-lock races with both lock and unlock") {
  Analysed a{{1}, {2}, {1}};
  a.run([](Engine& e) {
    Mutex m(e);
    run({[&](Engine& f) { m.lock(f, {}), m.unlock(f, {}); }, [&](Engine& f) { m.try_lock(f, {}); }});
  });
  CHECK(a.found() == Texts{"0-1", "1-2"});
}

TEST_CASE("semaphores: what an acquisition needs is no race, what it could have taken is") {
  auto acquire_behind = [](int count, auto before) {
    Analysed a{{1}};
    a.run([&](Engine& e) {
      Semaphore s(e, count);
      run({[&](Engine& f) { before(s, f); }, [&](Engine& f) { s.acquire(f, {}); }});
    });
    CHECK(a.races.before(0, 1));
    return a.found();
  };
  CHECK(acquire_behind(0, [](Semaphore& s, Engine& e) { s.release(e, 1, {}); }).empty());
  CHECK(acquire_behind(1, [](Semaphore& s, Engine& e) { s.release(e, 1, {}); }) == Texts{"0-1"});
  CHECK(acquire_behind(2, [](Semaphore& s, Engine& e) { s.acquire(e, {}); }) == Texts{"0-1"});
}

TEST_CASE("queues: an item has to be there, and room") {
  auto transfer = [](int capacity, std::vector<Decision> order) {
    Analysed a(std::move(order));
    a.run([&](Engine& e) {
      if (!e.is_revealed(Hidden::QueueEnds)) return e.reveal(Hidden::QueueEnds);
      Queue q(e, capacity);
      run({[&](Engine& f) { q.put(f, {}), q.put(f, {}); }, [&](Engine& f) { q.get(f, {}), q.get(f, {}); }});
    });
    return a.found();
  };
  CHECK(transfer(1, {{1}, {2}, {1}, {2}}).empty());
  CHECK(transfer(2, {{1}, {1}, {2}, {2}}) == Texts{"1-2"});
  CHECK(transfer(2, {{1}, {2}, {1}, {2}}) == Texts{"1-2"});
}

TEST_CASE("queues: what is done at one end races with nothing at the other") {
  auto run_queue = [](int capacity, std::vector<Decision> order, auto... bodies) {
    Analysed a(std::move(order));
    a.run([&](Engine& e) {
      Queue q(e, capacity, true);
      run({[&](Engine& f) { bodies(q, f); }...});
    });
    Texts all = a.found(), pending = a.found_pending();
    all.insert(all.end(), pending.begin(), pending.end());
    return all;
  };
  auto put = [](Queue& q, Engine& e) { q.put(e, {}); };
  auto get = [](Queue& q, Engine& e) { q.get(e, {}); };
  auto two = [](Queue& q, Engine& e) { q.put(e, {}), q.put(e, {}); };
  auto done = [](Queue& q, Engine& e) { q.done(e, {}); };
  auto test = [](Queue& q, Engine& e) { q.test(e, {}); };
  CHECK(run_queue(2, {{1}, {1}, {2}}, two, get).empty());
  CHECK(run_queue(2, {{1}, {2}, {1}}, two, get).empty());
  CHECK(run_queue(2, {{1}, {2}, {3}}, put, put, get) == Texts{"0-1"});
  CHECK(run_queue(2, {{1}, {2}, {1}, {3}}, two, get, get) == Texts{"1-3"});
  CHECK(run_queue(2, {{1}, {2}, {3}}, put, get, test) == Texts{"1-2"});
  CHECK(run_queue(2, {{1}, {2}, {3}}, put, get, done) == Texts{"0-2"});
  // The second put is possible before `done` as well: the get that makes room for it may come before that.
  CHECK(run_queue(1, {{1}, {2}, {3}, {4}}, put, done, get, put) == Texts{"0-1", "1-3"});
  CHECK(run_queue(1, {{1}, {2}, {3}, {4}}, put, test, get, put) == Texts{"0-1", "0-3", "1-2"});
  // Blocked at the end.
  CHECK(run_queue(1, {{1}}, put, put) == Texts{"0<t2"});
}

TEST_CASE("events: a wait races with the latest change before which it was set") {
  using Use = bool (Event::*)(Engine&, const Site&);
  auto uses = [](std::vector<Use> what, std::vector<Decision> order) {
    Analysed a(std::move(order));
    a.run([&](Engine& e) {
      const ObjectId id = e.new_object();
      Bodies bodies;
      for (Use use : what) bodies.push_back([id, use](Engine& f) { (Event(id).*use)(f, {}); });
      run(bodies);
    });
    return a.found();
  };
  CHECK(uses({&Event::set, &Event::wait}, {{1}, {2}}).empty());
  CHECK(uses({&Event::set, &Event::wait, &Event::wait}, {{1}, {2}, {3}}).empty());
  CHECK(uses({&Event::set, &Event::wait, &Event::clear}, {{1}, {2}, {3}}) == Texts{"1-2"});
  CHECK(uses({&Event::set, &Event::set, &Event::wait}, {{1}, {2}, {3}}) ==
        Texts{"0-1"});  // set already: no change
  CHECK(uses({&Event::set, &Event::clear, &Event::set, &Event::wait}, {{1}, {2}, {3}, {4}}) ==
        Texts{"0-1", "1-2", "1-3"});
}

TEST_CASE("a notification races with the wait, the wake-up with neither") {
  Analysed a{{1}, {1}, {2, 2}};
  a.run([](Engine& e) {
    Mutex m(e);
    Condition c(e);
    run({[&](Engine& f) { m.lock(f, {}), c.wait(f, m, -1, {}); }, [&](Engine& f) { c.notify_one(f, {}); }});
  });
  REQUIRE(a.history.size() == 4);
  CHECK(a.found() == Texts{"1-2"});
  CHECK(a.races.before(2, 3));
  // Before the wait there is nobody whom it could wake.
  CHECK(a.reversals[0].e2.kind == OpKind::NotifyOne);
  CHECK(a.reversals[0].e2.alt == 0);
}

TEST_CASE("under a lock, only the critical sections race") {
  Analysed a{{1}, {1}, {2}, {2, 2}, {2}, {1}};
  a.run([](Engine& e) {
    Mutex m(e);
    Condition c(e);
    run({[&](Engine& f) { m.lock(f, {}), c.wait(f, m, -1, {}), m.unlock(f, {}); },
         [&](Engine& f) { m.lock(f, {}), c.notify_one(f, {}), m.unlock(f, {}); }});
  });
  CHECK(a.outcome == Outcome::Complete);
  CHECK(a.found() == Texts{"0-2"});
}

TEST_CASE("each waiter that a notification could have chosen is an alternative") {
  auto waiters = [](bool any) {
    Analysed a{{1}, {1}, {2}, {2}, {3, 2}};
    a.run(
        [](Engine& e) {
          Mutex m(e);
          Condition c(e);
          auto wait = [&](Engine& f) { m.lock(f, {}), c.wait(f, m, -1, {}); };
          run({wait, wait, [&](Engine& f) { c.notify_one(f, {}); }});
        },
        any);
    return a.found();
  };
  CHECK(waiters(true) == Texts{"0-2", "3-4", "4=3"});
  CHECK(waiters(false) == Texts{"0-2", "3-4"});
}

TEST_CASE("each other value of a choice is an alternative") {
  Analysed a{{0, 1}};
  a.run([](Engine& e) { choose(e, 3, {}); });
  CHECK(a.found() == Texts{"0=0", "0=2"});
  CHECK(a.reversals[0].executed);
}

TEST_CASE("a timed lock that was got withdraws its timeout, and the other way round") {
  auto timed = [](std::vector<Decision> order, bool timeouts) {
    Analysed a(std::move(order));
    a.run(
        [](Engine& e) {
          Mutex m(e);
          run({[&](Engine& f) { m.lock(f, {}), m.unlock(f, {}); }, [&](Engine& f) { m.lock_for(f, 1, {}); }});
        },
        true, timeouts);
    for (const Reversal& r : a.reversals)
      if (!r.executed) CHECK(r.e2.tid == 2);
    return a.found();
  };
  // Got behind the unlock: it could have been got before the lock, and could have expired before the unlock.
  CHECK(timed({{1}, {1}, {2}}, true) == Texts{"0-2", "1~2"});
  CHECK(timed({{1}, {1}, {2}}, false) == Texts{"0-2"});
  // Expired: it could have been got before the lock.
  CHECK(timed({{1}, {2, kExpire}, {1}}, true) == Texts{"0~1", "1-2"});
}

TEST_CASE("a reversal says what is to be executed instead, and since when it was pending") {
  Analysed a{{1}, {1}, {2}};
  a.run([](Engine& e) {
    Mutex m(e);
    run({[&](Engine& f) { m.lock(f, {}), m.unlock(f, {}); }, [&](Engine& f) { m.lock_for(f, 1, {}); }});
  });
  REQUIRE(a.reversals.size() == 2);
  const Reversal &got = a.reversals[0], &expired = a.reversals[1];
  CHECK(got.i == 0);
  CHECK(got.place == 2);
  CHECK(got.executed);
  CHECK(got.e2.kind == OpKind::Lock);
  CHECK(expired.i == 1);
  CHECK(expired.place == 2);  // behind event 1, which it is to come before
  CHECK_FALSE(expired.executed);
  CHECK(expired.e2.kind == OpKind::Expire);
  CHECK(expired.e2.alt == kExpire);
}

TEST_CASE(
    "a timeout of a wait races with notifications; a notification withdraws the timeout of whom it chooses") {
  auto timed_wait = [](std::vector<Decision> order) {
    Analysed a(std::move(order));
    a.run([](Engine& e) {
      Mutex m(e);
      Condition c(e);
      run({[&](Engine& f) { m.lock(f, {}), c.wait(f, m, 1, {}); }, [&](Engine& f) { c.notify_one(f, {}); }});
    });
    return a.found();
  };
  CHECK(timed_wait({{1}, {1}, {1, kExpire}, {1}, {2}}) == Texts{"2-4"});
  CHECK(timed_wait({{1}, {1}, {2, 2}, {1}}) == Texts{"1-2", "2~2"});
}

TEST_CASE("starts, joins and barriers order without racing") {
  Analysed a{{0}, {1}, {2}, {0}};
  a.run([](Engine& e) {
    const ObjectId x = e.new_object();
    Barrier b(e, 2, false);
    store(x);
    thread t([&] {
      store(x);
      const auto phase = b.arrive(*Engine::current(), false, {}, [] {});
      b.pass(*Engine::current(), phase);
    });
    thread u([&] {
      const auto phase = b.arrive(*Engine::current(), false, {}, [] {});
      b.pass(*Engine::current(), phase);
      store(x);
    });
    t.join();
    u.join();
    store(x);
  });
  REQUIRE(a.history.size() == 4);
  CHECK(a.found().empty());
  for (Step i = 0; i < 3; ++i) CHECK(a.races.before(i, i + 1));
}

TEST_CASE("an operation that is blocked at the end could have been executed where it was possible last") {
  Analysed opposite{{1}, {2}};
  opposite.run([](Engine& e) {
    Mutex m(e), n(e);
    run({[&](Engine& f) { m.lock(f, {}), n.lock(f, {}); }, [&](Engine& f) { n.lock(f, {}), m.lock(f, {}); }});
  });
  CHECK(opposite.outcome == Outcome::Deadlock);
  CHECK(opposite.found().empty());
  CHECK(opposite.found_pending() == Texts{"0<t2", "1<t1"});

  Analysed item{{1}, {2}};
  item.run([](Engine& e) {
    Queue q(e, 1);
    auto get = [&](Engine& f) { q.get(f, {}); };
    run({[&](Engine& f) { q.put(f, {}); }, get, get});
  });
  CHECK(item.found_pending() == Texts{"1<t3"});

  Analysed never(std::vector<Decision>{});
  never.run([](Engine& e) {
    Semaphore s(e, 0);
    run({[&](Engine& f) { s.acquire(f, {}); }});
  });
  CHECK(never.outcome == Outcome::Deadlock);
  CHECK(never.found_pending().empty());
}

TEST_CASE(
    "an exit races with what those whom it kills did last, and could have come behind what they do next") {
  auto exit_behind = [](bool daemon, bool everything) {
    Analysed a{{1}, {0}};
    a.run([&](Engine& e) {
      const ObjectId x = e.new_object();
      const Tid t = e.spawn(daemon);
      e.body(t).set([&] { store(x), store(x); });
      e.exit(everything, {});
    });
    Texts all = a.found(), pending = a.found_pending();
    all.insert(all.end(), pending.begin(), pending.end());
    return all;
  };
  CHECK(exit_behind(true, false) == Texts{"0-1", "1<t1"});
  CHECK(exit_behind(true, true) == Texts{"0-1", "1<t1"});
  CHECK(exit_behind(false, true) == Texts{"0-1", "1<t1"});
  CHECK(exit_behind(false, false).empty());  // it is waited for
}

TEST_CASE("rewinding forgets the races of the events behind") {
  Analysed a{{1}, {2}, {3}};
  a.run([](Engine& e) {
    const ObjectId x = e.new_object();
    auto w = [x](Engine&) { store(x); };
    run({w, w, w});
  });
  CHECK(a.found() == Texts{"0-1", "1-2"});
  a.races.rewind(2);
  CHECK(a.found() == Texts{"0-1"});
  a.races.rewind(0);
  CHECK(a.found().empty());
}

TEST_CASE("the destruction of an object is an event only if an access to it is not ordered before") {
  auto destroy = [](Analysed& a, bool join) {
    a.run([join](Engine& e) {
      const ObjectId x = e.new_object(), y = e.new_object();
      thread t([x] { load(x); });
      if (join) t.join();
      store(y);
      e.destroy(x, {});
      if (!join) t.join();
    });
    return a.found();
  };
  Analysed ordered{{1}, {0}}, unordered{{1}, {0}};
  CHECK(destroy(ordered, true).empty());
  CHECK(ordered.restarts == 0);
  CHECK(ordered.history.size() == 2);
  CHECK(destroy(unordered, false) == Texts{"0-2"});
  CHECK(unordered.restarts == 1);
  CHECK(unordered.history[2].t.kind == OpKind::Destroy);
}
