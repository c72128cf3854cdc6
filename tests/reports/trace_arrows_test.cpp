// What comes from what in a trace, and who holds which lock.
#include "reports/trace_arrows.h"

#include <doctest/doctest.h>

#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;
using Kind = TraceArrow::Kind;

namespace {

/// Events as "THREAD OPERATION": two threads, one object of each kind.
struct Maker {
  engine::Trace trace;
  Maker() {
    trace.threads = {{"0", "main", -1, false, {}}, {"0.0", "a", 0, false, {}}, {"0.1", "b", 0, false, {}}};
    trace.objects = {{"0#0", "mutex", "lock"}, {"0#1", "condition", "c"}};
  }
  engine::TraceEvent& add(int thread, const char* operation, int object = 0) {
    engine::TraceEvent e;
    e.step = static_cast<int>(trace.events.size()) + 1;
    e.thread = thread;
    e.operation = operation;
    e.object = object;
    return trace.events.emplace_back(e);
  }
};

}  // namespace

TEST_CASE("threads come from their starts, and joins from their ends; reads from writes of others") {
  const std::vector<TraceArrow> arrows = arrows_of(tests::lost_update());
  CHECK(arrows == std::vector<TraceArrow>{{Kind::Start, 0, 2},
                                          {Kind::Start, 1, 3},
                                          {Kind::Join, 5, 8},
                                          {Kind::Join, 7, 9},
                                          {Kind::Value, 6, 10}});
}

TEST_CASE("getting a lock comes from its release by another thread, and not from a thread's own") {
  Maker m;
  m.add(1, "lock");
  m.add(1, "unlock");
  m.add(1, "lock");
  m.add(1, "unlock");
  m.add(2, "try-lock").result = "False";
  m.add(2, "lock");
  CHECK(arrows_of(m.trace) == std::vector<TraceArrow>{{Kind::Lock, 3, 5}});
}

TEST_CASE("items come from whoever put them, whatever they are") {
  Maker m;
  for (int thread : {1, 0, 1}) m.add(thread, "put").after = "7";
  m.add(2, "get").result = "7";
  m.trace.events.back().reads_from = 3;  // last in, first out
  m.add(2, "try-get").result = "7";
  m.trace.events.back().reads_from = 2;
  m.add(1, "get").result = "7";  // its own
  m.trace.events.back().reads_from = 1;
  m.add(2, "get").result = "7";  // nobody has put it
  m.add(2, "try-get").result = "Empty";
  CHECK(arrows_of(m.trace) == std::vector<TraceArrow>{{Kind::Item, 2, 3}, {Kind::Item, 1, 4}});
}

TEST_CASE("who wakes up comes from the notification that chose it") {
  Maker m;
  m.add(1, "wait").object2 = 1;
  m.add(2, "lock");
  m.add(2, "notify-one", 1).other = 1;
  m.add(2, "unlock");
  m.add(1, "wake");
  CHECK(arrows_of(m.trace) ==
        std::vector<TraceArrow>{{Kind::Lock, 0, 1}, {Kind::Notify, 2, 4}, {Kind::Lock, 3, 4}});
  m.trace.events[2].operation = "notify-all";
  m.trace.events[2].other = -1;
  CHECK(arrows_of(m.trace)[1] == TraceArrow{Kind::Notify, 2, 4});
}

TEST_CASE("an event is found set by whoever set it, until it is cleared") {
  Maker m;
  m.add(1, "event-set");
  m.add(2, "event-test").result = "True";
  m.add(0, "event-clear");
  m.add(2, "event-wait").result = "False";
  CHECK(arrows_of(m.trace) == std::vector<TraceArrow>{{Kind::Signal, 0, 1}});
}

TEST_CASE("a lock is held from its acquisition to its last release, a wait, or the end") {
  Maker m;
  m.add(1, "lock");
  m.add(1, "lock");
  m.add(1, "unlock");
  m.add(1, "unlock");
  m.add(2, "lock");
  m.add(2, "wait").object2 = 1;
  m.add(1, "lock");
  CHECK(held_locks(m.trace) == std::vector<TraceSpan>{{1, 0, 0, 3}, {2, 0, 4, 5}, {1, 0, 6, 7}});
}
