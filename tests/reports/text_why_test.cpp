// Why an event happened, and why a thread waits.
#include "reports/text_why.h"

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "tests/reports/samples.h"

using namespace raddle;
using namespace raddle::reports;

namespace {

std::string why(const engine::Trace& trace, const std::string& what, TextOptions options = {}) {
  return text_why(trace, what, options);
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::string complaint(const engine::Trace& trace, const std::string& what) {
  try {
    why(trace, what);
  } catch (const engine::UserError& e) {
    return e.what();
  }
  return {};
}

}  // namespace

TEST_CASE("each view is as it was") {
  const engine::Trace lost = tests::lost_update();
  tests::check_golden("why_lost_update", why(lost, "7"));
  tests::check_golden("why_first_event", why(lost, "1"));
  tests::check_golden("why_philosopher", why(tests::philosophers(), "t1"));
  tests::check_golden("why_lost_wakeup", why(tests::lost_wakeup(), "consumer"));
  tests::check_golden("why_holder_gone", why(tests::holder_gone(), "main"));
  tests::check_golden("why_self_deadlock", why(tests::self_deadlock(), "main"));
  tests::check_golden("why_assertion", why(tests::assertion(), "7"));
}

TEST_CASE("a write over what its thread has not seen is stale; one that has seen it is not") {
  engine::Trace trace = tests::lost_update();
  CHECK(has(why(trace, "7"), "did not know of it"));
  // t2 reads behind t1's write.
  std::swap(trace.events[3], trace.events[4]);
  trace.events[3].step = 4, trace.events[4].step = 5;
  trace.events[4].reads_from = 4;
  trace.events[6].reads_from = 4;
  CHECK_FALSE(has(why(trace, "7"), "did not know of it"));
}

TEST_CASE("why its thread was chosen") {
  const engine::Trace trace = tests::lost_update();
  CHECK(has(why(trace, "1"), "it is the first event"));
  CHECK(has(why(trace, "2"), "main was running already"));
  CHECK(has(why(trace, "4"), "a free choice: t1 could have gone on (with step 5), and was preempted"));
  CHECK(has(why(trace, "7"), "t1 had ended, and t2 was chosen"));
  CHECK(has(why(tests::philosophers(), "5"), "could not go on (blocked on forks[1])"));
}

TEST_CASE("a read without a source has the initial value") {
  CHECK(has(why(tests::lost_update(), "3"), "it is the initial value"));
  CHECK_FALSE(has(why(tests::lost_update(), "11"), "it is the initial value"));
  CHECK(has(why(tests::lost_update(), "11"), "that of t2's write database_value = 1 in step 7 (:16)"));
}

TEST_CASE("a circle of waiting threads is one") {
  CHECK(has(why(tests::philosophers(), "t2"), "t2 -> t3 -> t1 -> t2: a circle"));
  CHECK(has(why(tests::philosophers(), "main"), "main -> t1 -> t2 -> t3 -> t1: a circle"));
  CHECK_FALSE(has(why(tests::holder_gone(), "main"), "a circle"));
}

TEST_CASE("the last event of a thread that waits says so; another one does not") {
  const engine::Trace trace = tests::philosophers();
  CHECK(has(why(trace, "4"), "it waits for ever"));
  CHECK(has(why(trace, "4"), "(--why t1)"));
  CHECK_FALSE(has(why(trace, "1"), "it waits for ever"));
}

TEST_CASE("a thread that has ended is explained by its last event") {
  CHECK(has(why(tests::lost_update(), "t2"), "step 8  t2  end"));
  CHECK(why(tests::lost_update(), "t2") == why(tests::lost_update(), "8"));
}

TEST_CASE("all that led there, or what is nearest") {
  const engine::Trace trace = tests::long_run();
  const std::string last = std::to_string(trace.events.size());
  const std::string near = why(trace, last);
  CHECK(has(near, "the nearest (all of it: --full)"));
  TextOptions options;
  options.full = true;
  const std::string all = why(trace, last, options);
  CHECK(has(all, "back to the start"));
  CHECK(all.size() > 5 * near.size());
}

TEST_CASE("it keeps to the width, whatever the texts are") {
  for (const std::size_t width : {60u, 80u, 100u, 200u})
    for (const engine::Trace& trace : {tests::lost_update(), tests::philosophers(), tests::lost_wakeup(),
                                       tests::strange_texts(), tests::twenty_threads()}) {
      TextOptions options;
      options.width = width;
      for (const engine::TraceEvent& e : trace.events) {
        CAPTURE(trace.model);
        CAPTURE(e.step);
        tests::check_width(why(trace, std::to_string(e.step), options), width);
      }
      for (const engine::TraceBlocked& b : trace.blocked)
        tests::check_width(why(trace, trace.threads[static_cast<std::size_t>(b.thread)].label, options),
                           width);
    }
}

TEST_CASE("what is not there is said to be not there, and what is") {
  const engine::Trace trace = tests::lost_update();
  CHECK(complaint(trace, "0") ==
        "--why: this trace has no step 0. Its steps are 1 to 12; its threads can be asked for, too.");
  CHECK(has(complaint(trace, "13"), "no step 13"));
  CHECK(has(complaint(trace, "99999999999999999999"), "99999999999999999999"));
  CHECK(has(complaint(trace, "nobody"), "nobody"));
  CHECK(has(complaint(trace, "nobody"), "main, t1, t2"));
  CHECK(has(complaint(trace, ""), "main, t1, t2"));
  engine::Trace empty = tests::lost_update();
  empty.events.clear();
  CHECK(has(complaint(empty, "1"), "It has none at all."));
  CHECK(has(complaint(empty, "t1"), "does nothing in this trace"));
}

TEST_CASE("every event of every sample can be explained") {
  for (const engine::Trace& trace :
       {tests::lost_update(), tests::philosophers(), tests::lost_wakeup(), tests::holder_gone(),
        tests::self_deadlock(), tests::assertion(), tests::twenty_threads(), tests::strange_texts(),
        tests::everything(), tests::passing()})
    for (const engine::TraceEvent& e : trace.events)
      CHECK(why(trace, std::to_string(e.step)).starts_with("step " + std::to_string(e.step) + "  "));
}
