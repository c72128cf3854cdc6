#include "checker/engine/life.h"

#include <set>
#include <string>

#include <doctest/doctest.h>

#include "raddle/thread.h"
#include "raddle/variable.h"
#include "tests/support/search.h"

using namespace raddle::engine;
using raddle::thread;
using raddle::variable;
using raddle::test::search;

namespace {

constexpr std::uint8_t kEnds = static_cast<std::uint8_t>(Hidden::ThreadEnds);

Engine& engine() { return *Engine::current(); }

}  // namespace

TEST_CASE("as long as nobody asks, the end of a thread is no operation") {
  const auto s = search([] {
    variable<int> x;
    thread t([&] { x.load(); });
    t.join();
  });
  CHECK(s.revealed == 0);
  CHECK(s.statistics.events == 1);
}

TEST_CASE("the first question makes ends visible, and both answers are seen") {
  std::set<std::string> seen;
  const auto s = search([&] {
    variable<int> x;
    thread t([&] { x.store(1); });
    if (!engine().is_revealed(Hidden::ThreadEnds)) {
      is_alive(engine(), t.get_id(), {});
      seen.insert("went on");  // no: the search starts again
    }
    const bool alive = is_alive(engine(), t.get_id(), {});
    const int value = x.load();
    seen.insert((alive ? "alive " : "ended ") + std::to_string(value));
    t.join();
  });
  CHECK(s.revealed == kEnds);
  CHECK(seen == std::set<std::string>{"alive 0", "alive 1", "ended 1"});
  CHECK(s.statistics.stop == raddle::explore::StopReason::Exhausted);
}

TEST_CASE("a thread that was joined, or has asked itself") {
  const auto s = search([] {
    thread t([] {
      const bool alive = is_alive(engine(), engine().self().id, {});
      CHECK(alive);
    });
    const Tid id = t.get_id();
    t.join();
    const bool alive = is_alive(engine(), id, {});
    CHECK_FALSE(alive);
  });
  CHECK(s.revealed == kEnds);
  CHECK(s.statistics.executions == 1);
}

TEST_CASE("a join with a timeout gives up while the thread runs, or joins it") {
  std::set<std::string> seen;
  const auto s = search([&] {
    variable<int> x;
    thread t([&] { x.store(1); });
    const bool joined = join_for(engine(), t.get_id(), 1, {});
    // What a joined thread did happens before.
    const int value = x.load();
    seen.insert((joined ? "joined " : "gave up ") + std::to_string(value));
    t.join();
  });
  CHECK(s.revealed == kEnds);
  CHECK(seen == std::set<std::string>{"gave up 0", "gave up 1", "joined 1"});
}

TEST_CASE("without timeouts a timed join is a join") {
  const auto s = search(
      [] {
        variable<int> x;
        thread t([&] { x.store(1); });
        const bool joined = join_for(engine(), t.get_id(), 1, {});
        CHECK(joined);
        CHECK(x.load() == 1);
        t.detach();
      },
      {.revealed = kEnds, .timeouts = false});
  CHECK(s.statistics.executions == 1);
}

TEST_CASE("a join of a thread that never ends expires, or waits for ever") {
  auto program = [] {
    Mutex m(engine());
    m.lock(engine(), {});
    thread t([&] { m.lock(engine(), {}); });
    join_for(engine(), t.get_id(), 1, {});
    m.unlock(engine(), {});
    t.join();
  };
  CHECK(search(program).statistics.deadlocks == 0);
  const auto never = search(program, {.timeouts = false});
  CHECK(never.statistics.deadlocks == never.statistics.executions);
}
