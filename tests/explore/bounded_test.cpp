#include "checker/explore/bounded.h"

#include <doctest/doctest.h>

#include "tests/support/every_schedule.h"
#include "tests/support/programs.h"

using namespace programs;
using raddle::explore::Bounded;
using raddle::explore::BoundKind;
using raddle::explore::StopReason;
using raddle::test::bounded_search;
using raddle::test::every_schedule;

namespace {

constexpr Bounded::Options preemptions(int k) { return {BoundKind::Preemptions, k}; }
constexpr Bounded::Options delays(int d) { return {BoundKind::Delays, d}; }

/// One thread writes twice, `between` the two it may rest, another one looks for the value in between.
template <class Between>
auto seen_between(const Between& between) {
  return [=] {
    atomic<int> x;
    thread writer([&] {
      x.store(1);
      between();
      x.store(2);
    });
    thread reader([&] { require(x.load() != 1); });
    writer.join();
    reader.join();
  };
}

}  // namespace

TEST_CASE("who sleeps or yields is not preempted") {
  CHECK(bounded_search(seen_between([] {}), preemptions(0)).statistics.failing == 0);
  CHECK(bounded_search(seen_between([] {}), preemptions(1)).statistics.failing > 0);
  CHECK(bounded_search(seen_between([] { this_thread::yield(); }), preemptions(0)).statistics.failing > 0);
  CHECK(bounded_search(seen_between([] { this_thread::sleep_for(std::chrono::seconds(1)); }), preemptions(0))
            .statistics.failing > 0);
  // The base scheduler passes on from who rests.
  CHECK(bounded_search(seen_between([] {}), delays(0)).statistics.failing == 0);
  CHECK(bounded_search(seen_between([] {}), delays(1)).statistics.failing > 0);
  CHECK(bounded_search(seen_between([] { this_thread::yield(); }), delays(0)).statistics.failing > 0);
}

TEST_CASE("who rests before its first operation is not preempted") {
  auto program = [] {
    atomic<int> x;
    thread a([&] {
      this_thread::yield();
      x.fetch_add(1);
    });
    thread b([&] { x.fetch_add(2); });
    a.join();
    b.join();
  };
  CHECK(bounded_search(program, preemptions(0)).classes.size() == 2);
}

TEST_CASE("a switch away from a blocked thread is free") {
  auto program = [] {  // the second section has to wait for the first one's end
    mutex m;
    atomic<int> x;
    threads(2, [&](int) {
      m.lock();
      x.store(x.load() + 1);
      m.unlock();
    });
  };
  const auto s = bounded_search(program, preemptions(0));
  CHECK(s.classes.size() == 2);
  CHECK_FALSE(s.left_out);
}

TEST_CASE("a timeout may expire without a preemption") {
  auto program = [] {
    timed_mutex m;
    atomic<int> x;
    m.lock();
    thread t([&] { x.store(m.try_lock_for(std::chrono::seconds(1)) ? 1 : 2); });
    t.join();
    m.unlock();
    require(x.load() != 2);
  };
  CHECK(bounded_search(program, preemptions(0)).statistics.failing == 1);
}

TEST_CASE("data choices and the choice of whom a notification wakes cost nothing") {
  auto chosen = [] {
    atomic<int> x;
    threads(2, [&](int) { x.store(choose(3)); });
  };
  CHECK(bounded_search(chosen, preemptions(0)).classes.size() == 2 * 9);
  CHECK(bounded_search(chosen, delays(0)).classes.size() == 9);
}

TEST_CASE("if the bound is never reached, nothing has been left out") {
  const auto truth = every_schedule(counter(2, 2), 100000);
  REQUIRE(truth.complete);
  REQUIRE(truth.most_preemptions > 2);
  for (int k = 0; k < 8; ++k) {
    CAPTURE(k);
    const auto s = bounded_search(counter(2, 2), preemptions(k));
    CHECK(s.classes.size() == truth.with_preemptions(k));
    if (k >= truth.most_preemptions) CHECK_FALSE(s.left_out);
    CHECK((s.left_out || s.classes.size() == truth.classes.size()));
    if (k < 3) CHECK(s.left_out);
  }
  CHECK_FALSE(bounded_search(counter(2, 2), preemptions(-1)).left_out);
  CHECK(bounded_search(counter(2, 2), preemptions(-1)).classes.size() == 34);
}

TEST_CASE("no two executions begin with the same state: each adds at least one") {
  const auto s = bounded_search(counter(3, 2), preemptions(2));
  CHECK(s.statistics.executions + s.statistics.blocked <= s.states);
}

// Whoever polls lets others go on; so no preemption is needed to see the flag set after the first store.
TEST_CASE("a loop that never ends by itself is bounded, and its rounds can be left for nothing") {
  auto program = [] {
    atomic<int> ready, x;
    thread poller([&] {
      x.store(1);
      while (!ready.load()) {
      }
      require(x.load() == 1);
    });
    thread setter([&] {
      x.store(x.load() + 1);
      ready.store(1);
    });
    poller.join();
    setter.join();
  };
  const auto s = bounded_search(program, preemptions(0));
  CHECK(s.statistics.stop == StopReason::Exhausted);
  CHECK(s.statistics.failing > 0);
  CHECK(s.statistics.truncated > 0);
}

TEST_CASE("what is hidden is found out, and the search starts again") {
  auto program = [] {
    engine::Engine& e = *engine::Engine::current();
    const engine::ObjectId x = e.new_object();
    const engine::Tid t = e.spawn();
    e.body(t).set([&e, x] {
      raddle::api::guarded(
          [&] { static_cast<void>(e.visible(engine::OpKind::Write, engine::writes(x), 0, {})); });
    });
    e.destroy(x, {});
    e.join(t);
  };
  const auto s = bounded_search(program, preemptions(1));
  CHECK(s.revealed != 0);
  CHECK(s.statistics.stop == StopReason::Exhausted);
}

TEST_CASE("the virtual clock needs no preemptions to advance") {
  auto program = [] {
    atomic<int> x;
    thread a([&] {
      this_thread::sleep_for(std::chrono::seconds(2));
      x.store(1);
    });
    thread b([&] {
      this_thread::sleep_for(std::chrono::seconds(1));
      x.store(2);
    });
    a.join();
    b.join();
    require(x.load() == 1);
  };
  engine::Engine e;
  e.set_virtual_clock(true);
  raddle::explore::Inspector inspector;
  Bounded bounded(inspector, preemptions(0));
  raddle::test::Model<decltype(program)> model(program);
  e.run(bounded, model);
  CHECK(inspector.statistics().stop == StopReason::Exhausted);
  CHECK(inspector.statistics().classes == 1);
  CHECK(inspector.statistics().failing == 0);
}
