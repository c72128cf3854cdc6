// A replay stops at one step, in the thread that performs it.
#include "checker/explore/breakpoint.h"

#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "checker/explore/verification.h"
#include "raddle/raddle.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;
using engine::Trace;

namespace {

/// Two threads add to x and say so.
struct Program {
  std::vector<std::string>& log;
  void operator()() const {
    log.clear();
    variable<int> x(0, "x");
    mutex m;
    const auto add = [&](const char* name) {
      return [&, name] {
        const int read = x.load();
        log.push_back(std::string(name) + " has read " + std::to_string(read));
        x.store(read + 1);
        note(std::string(name) + " is done");
        log.push_back(std::string(name) + " has written");
      };
    };
    thread a(add("a")), b(add("b"));
    a.join();
    b.join();
  }
};

struct Fixture {
  std::vector<std::string> log;
  Program program{log};
  test::Model<Program> model{program};
  Trace trace;

  Fixture() {
    Engine e;
    const CheckReport report = explore::check(e, model, {});
    REQUIRE(!report.findings.empty());
    trace = report.findings[0].trace;
  }

  /// Calls f(engine) where the replay stops; returns how often.
  template <class F>
  int stop_at(int step, const F& f, ReplayReport* result = nullptr) {
    int stops = 0;
    Engine e;
    const Breakpoint breakpoint{step, [&] {
                                  ++stops;
                                  f(e);
                                }};
    const ReplayReport report = explore::replay(e, model, trace, 0, &breakpoint);
    if (result) *result = report;
    return stops;
  }
};

}  // namespace

TEST_CASE("an operation is about to be performed by its thread, on its own stack") {
  Fixture f;
  for (const engine::TraceEvent& event : f.trace.events) {
    if (event.operation != "read" && event.operation != "write") continue;
    CAPTURE(event.step);
    std::vector<std::string> log;
    std::string thread;
    bool on_its_stack = false;
    ReplayReport report;
    const auto look = [&](Engine& e) {
      const char here = 0;
      log = f.log;
      thread = engine::default_label(e, e.self().id);
      const char* top = e.self().fiber.stack->top();
      on_its_stack = &here < top && top - &here < 256 * 1024;
    };
    CHECK(f.stop_at(event.step, look, &report) == 1);
    CHECK(thread == f.trace.threads[static_cast<std::size_t>(event.thread)].label);
    CHECK(on_its_stack);
    // It has done what comes before the operation, and nothing behind it.
    const std::string name = thread == "t1" ? "a" : "b";
    const auto has_said = [&](const std::string& text) {
      return std::any_of(log.begin(), log.end(),
                         [&](const std::string& line) { return line.starts_with(name + text); });
    };
    CHECK(has_said(" has read") == (event.operation == "write"));
    CHECK_FALSE(has_said(" has written"));
    CHECK_FALSE(report.diverged);
    CHECK(report.reproduced);
  }
}

TEST_CASE("what is no operation stops when it is recorded, in the same thread") {
  Fixture f;
  int notes = 0;
  for (const engine::TraceEvent& event : f.trace.events) {
    if (event.operation != "note" && event.operation != "start" && event.operation != "join") continue;
    CAPTURE(event.step);
    std::string thread;
    std::vector<std::string> log;
    CHECK(f.stop_at(event.step, [&](Engine& e) {
      thread = engine::default_label(e, e.self().id);
      log = f.log;
    }) == 1);
    CHECK(thread == f.trace.threads[static_cast<std::size_t>(event.thread)].label);
    if (event.operation != "note") continue;
    ++notes;
    // It comes behind the write, and before what the thread says next.
    const std::string name = event.text.substr(0, 1);
    CHECK(std::count(log.begin(), log.end(), name + " has written") == 0);
  }
  CHECK(notes == 2);
}

TEST_CASE("a step that is never reached stops nothing") {
  Fixture f;
  CHECK(f.stop_at(static_cast<int>(f.trace.events.size()) + 1, [](Engine&) {}) == 0);
}
