// That operations on a queue whose ends are told apart commute where the table of operations says so: random programs end
// in the same ways as where all operations on a queue are in conflict. (Brute force alone would not notice: it skips what
// the table calls equivalent.)
//
// RADDLE_FUZZ_PROGRAMS and RADDLE_FUZZ_SEED as in dpor_test.cpp.
#include <cstdlib>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::engine;

namespace {

/// How executions end: what each thread has seen, and whether it is stuck.
class Endings : public raddle::detect::Detector {
 public:
  bool sees_every_end() const override { return true; }
  void end(const Engine&, const History&, Outcome outcome, raddle::detect::Sink&) override {
    std::uint64_t digest = static_cast<std::uint64_t>(outcome);
    for (std::uint64_t seen : latest_world()->seen) digest = mix(digest) + seen;
    found.insert(digest);
  }
  void restart() override { found.clear(); }
  std::set<std::uint64_t> found;
};

struct Searched {
  std::set<std::uint64_t> endings;
  std::uint64_t executions = 0;
  std::uint8_t revealed = 0;
  bool complete = false;
};

Searched endings(const RandomProgram& p, std::uint8_t revealed) {
  Engine e;
  e.set_notify_any(p.notify_any);
  e.set_revealed(revealed);
  raddle::explore::Inspector inspector;
  Endings ends;
  inspector.add(ends);
  raddle::explore::Brute brute(inspector, 20000);
  auto program = model(p);
  raddle::test::Model<decltype(program)> m(program);
  e.run(brute, m);
  return {ends.found, inspector.statistics().executions, e.revealed(), brute.complete()};
}

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* s = std::getenv(name);
  return s ? std::strtoull(s, nullptr, 10) : otherwise;
}

}  // namespace

TEST_CASE("programs with queues end in the same ways, whether or not the ends are told apart") {
  const std::uint64_t programs = 5 * from_environment("RADDLE_FUZZ_PROGRAMS", 60);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  constexpr auto kEnds = static_cast<std::uint8_t>(Hidden::QueueEnds);
  for (const unsigned features :
       std::initializer_list<unsigned>{0, kPutsAndGets, kTasks, kTasks | kPutsAndGets, kPutsAndGets | kLocks,
                                       kPutsAndGets | kTasks | kExits}) {
    CAPTURE(features);
    std::uint64_t fewer = 0, several = 0;
    for (std::uint64_t k = 0; k < programs; ++k) {
      const RandomProgram p = generate(kQueues | features);
      const Searched apart = endings(p, 0), one = endings(p, kEnds);
      if (!apart.complete || !one.complete) continue;
      CHECK_MESSAGE(apart.endings == one.endings, p.text());
      CHECK(!(apart.revealed & kEnds));
      CHECK(apart.executions <= one.executions);
      fewer += apart.executions < one.executions;
      several += one.endings.size() > 1;
    }
    CHECK(fewer > programs / 50);
    CHECK(several > programs / 10);
  }
}
