#include "checker/engine/condition.h"

#include <set>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/search.h"

using namespace raddle::engine;
using raddle::thread;
using raddle::variable;
using raddle::test::search;
using raddle::test::SearchOptions;

namespace {

Engine& engine() { return *Engine::current(); }

const char* text(WaitResult r) {
  return r == WaitResult::Notified ? "notified" : r == WaitResult::Expired ? "expired" : "torn down";
}

/// A mutex, a condition variable, and threads that wait for it.
struct World {
  Mutex m{engine()};
  Condition c{engine()};
  WaitResult wait(Nanoseconds timeout = -1) {
    m.lock(engine(), {});
    const WaitResult r = c.wait(engine(), m, timeout, {});
    m.unlock(engine(), {});
    return r;
  }
};

/// Waiters wait; as soon as all of them do, one notification is sent. In which order did they come, and who was woken?
struct Woken {
  std::set<std::string> by_arrival;  // "ba>b": b came first, and was woken
  raddle::test::Searched search;
};
Woken woken(int waiters, bool all, const SearchOptions& o = {}) {
  Woken w;
  w.search = search(
      [&] {
        World world;
        std::string waiting, went_on;  // guarded by the mutex
        auto wait = [&](char me) {
          return [&, me] {
            world.m.lock(engine(), {});
            waiting += me;
            if (world.c.wait(engine(), world.m, -1, {}) == WaitResult::TornDown) return;
            went_on += me;
            w.by_arrival.insert(waiting + '>' + went_on);
            world.m.unlock(engine(), {});
          };
        };
        std::vector<thread> t;
        for (int i = 0; i < waiters; ++i) t.emplace_back(wait(static_cast<char>('a' + i)));
        thread notifier([&] {
          world.m.lock(engine(), {});
          if (static_cast<int>(waiting.size()) == waiters)
            all ? world.c.notify_all(engine(), {}) : world.c.notify_one(engine(), {});
          world.m.unlock(engine(), {});
        });
        for (thread& x : t) x.join();
        notifier.join();
      },
      o);
  return w;
}

}  // namespace

TEST_CASE("a wait gives the mutex back, and has it again when it returns") {
  const auto s = search([] {
    World w;
    bool inside = false;
    thread waiter([&] {
      w.m.lock(engine(), {});
      const WaitResult r = w.c.wait(engine(), w.m, -1, {});
      if (r == WaitResult::TornDown) return;
      CHECK(w.m.owned_by_me(engine()));
      CHECK_FALSE(inside);
      w.m.unlock(engine(), {});
    });
    thread notifier([&] {
      w.m.lock(engine(), {});
      inside = true;
      w.c.notify_all(engine(), {});
      inside = false;
      w.m.unlock(engine(), {});
    });
    waiter.join();
    notifier.join();
  });
  // The notification may come before the wait; then nobody is woken.
  CHECK(s.statistics.executions == 2);
  CHECK(s.statistics.deadlocks == 1);
}

TEST_CASE("notify_one wakes exactly one: any, or the one that has waited longest") {
  const Woken any = woken(2, false);
  CHECK(any.by_arrival == std::set<std::string>{"ab>a", "ab>b", "ba>a", "ba>b"});
  CHECK(any.search.statistics.deadlocks == any.search.statistics.executions);  // the other one waits for ever
  const Woken first = woken(2, false, {.notify_any = false});
  CHECK(first.by_arrival == std::set<std::string>{"ab>a", "ba>b"});
  CHECK(first.search.statistics.executions < any.search.statistics.executions);
  CHECK(woken(3, false).by_arrival.size() == 6 * 3);
  CHECK(woken(3, false, {.notify_any = false}).by_arrival.size() == 6);
}

TEST_CASE("notify_all wakes all, and they go on in any order") {
  const Woken w = woken(2, true);
  CHECK(w.by_arrival ==
        std::set<std::string>{"ab>a", "ab>ab", "ab>b", "ab>ba", "ba>a", "ba>ab", "ba>b", "ba>ba"});
  CHECK(w.search.statistics.deadlocks < w.search.statistics.executions);
}

TEST_CASE("a notification that nobody waits for is lost") {
  const auto s = search([] {
    World w;
    w.c.notify_one(engine(), {});
    w.c.notify_all(engine(), {});
    w.wait();
  });
  CHECK(s.statistics.executions == 1);
  CHECK(s.statistics.deadlocks == 1);
}

TEST_CASE("a timeout may expire until the thread is notified, not behind") {
  std::set<std::string> results;
  const auto s = search([&] {
    World w;
    bool notified = false;
    thread waiter([&] {
      w.m.lock(engine(), {});
      const WaitResult r = w.c.wait(engine(), w.m, 1, {});
      if (r == WaitResult::TornDown) return;
      results.insert(std::string(text(r)) + (notified ? ", was sent" : ", was not sent"));
      w.m.unlock(engine(), {});
    });
    thread notifier([&] {
      w.m.lock(engine(), {});
      notified = true;
      w.c.notify_one(engine(), {});
      w.m.unlock(engine(), {});
    });
    waiter.join();
    notifier.join();
  });
  CHECK(s.statistics.deadlocks == 0);
  CHECK(results == std::set<std::string>{"notified, was sent", "expired, was sent", "expired, was not sent"});
}

TEST_CASE("without timeouts, a timed wait waits for its notification") {
  auto program = [](bool notify) {
    return [notify] {
      World w;
      thread waiter([&] { w.wait(1); });
      thread notifier([&, notify] {
        if (notify) w.c.notify_all(engine(), {});
      });
      waiter.join();
      notifier.join();
    };
  };
  CHECK(search(program(false), {.timeouts = false}).statistics.deadlocks == 1);
  CHECK(search(program(false)).statistics.deadlocks == 0);
  CHECK(search(program(true), {.timeouts = false}).statistics.executions == 2);
}

TEST_CASE("who has timed out waits no more: the notification is for somebody else") {
  // Either b is woken, or nobody waits any more except a, which expires.
  const auto s = search([] {
    World w;
    int waiting = 0;
    thread a([&] {
      w.m.lock(engine(), {});
      ++waiting;
      const WaitResult r = w.c.wait(engine(), w.m, 1, {});
      if (r == WaitResult::TornDown) return;
      const auto& left = engine().waiters(w.c.id());
      for (Tid t : left) CHECK(t != engine().self().id);
      w.m.unlock(engine(), {});
    });
    thread b([&] {
      w.m.lock(engine(), {});
      ++waiting;
      w.c.wait(engine(), w.m, 1, {});
      w.m.unlock(engine(), {});
    });
    a.join();
    b.join();
    // Both have left: a later notification has nobody to wake.
    w.c.notify_one(engine(), {});
    CHECK(engine().self().alt == 0);
  });
  CHECK(s.statistics.deadlocks == 0);
}

TEST_CASE("a wait that has expired still needs the mutex") {
  const auto s = search([] {
    World w;
    thread waiter([&] {
      w.m.lock(engine(), {});
      const WaitResult r = w.c.wait(engine(), w.m, 1, {});
      if (r == WaitResult::TornDown) return;
      CHECK(r == WaitResult::Expired);
      CHECK(w.m.owned_by_me(engine()));
      w.m.unlock(engine(), {});
    });
    thread greedy([&] { w.m.lock(engine(), {}); });  // and never gives it back
    waiter.join();
    greedy.join();
  });
  // greedy takes the mutex before the waiter's lock, between wait and wake-up, or behind it all.
  CHECK(s.statistics.executions == 3);
  CHECK(s.statistics.deadlocks == 2);
}
