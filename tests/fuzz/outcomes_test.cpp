// That operations commute where the table of operations says so. Brute force alone would not notice if they did not: it
// skips what the table calls equivalent. So random programs have to end in the same ways
//  - where all operations on a queue are in conflict, as where its ends are told apart,
//  - in every single schedule, as in the executions that the searches choose.
//
// RADDLE_FUZZ_PROGRAMS and RADDLE_FUZZ_SEED as in dpor_test.cpp.
#include <cstdlib>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/every_schedule.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using namespace raddle::engine;

namespace {

/// How executions end: what each thread has seen, whether it is stuck, and the states of all objects.
class Endings : public raddle::detect::Detector {
 public:
  bool sees_every_end() const override { return true; }
  void end(const Engine& e, const History&, Outcome outcome, raddle::detect::Sink&) override {
    std::uint64_t digest = static_cast<std::uint64_t>(outcome);
    for (std::uint64_t seen : latest_world()->seen) digest = mix(digest) + seen;
    for (ObjectId o : e.thread(0).object_ids) {  // the main thread has created them all
      const ObjectState& s = e.object(o);
      // The owner of a mutex is a number that differs between searches; who it is the threads have seen.
      digest = mix(digest) + (s.cap == kOwned ? s.n != 0 : static_cast<std::uint32_t>(s.n));
    }
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

/// With what `make_strategy(inspector)` returns; `complete(strategy)`: has it come to its end?
template <class Make, class Complete>
Searched endings(const RandomProgram& p, std::uint8_t revealed, const Make& make_strategy,
                 const Complete& complete) {
  Engine e;
  e.set_notify_any(p.notify_any);
  e.set_revealed(revealed);
  raddle::explore::Inspector inspector;
  Endings ends;
  inspector.add(ends);
  auto strategy = make_strategy(inspector);
  auto program = model(p);
  raddle::test::Model<decltype(program)> m(program);
  e.run(strategy, m);
  return {ends.found, inspector.statistics().executions, e.revealed(), complete(strategy)};
}

Searched endings(const RandomProgram& p, std::uint8_t revealed, std::size_t prefixes = 20000) {
  using raddle::explore::Brute;
  return endings(
      p, revealed, [&](auto& inspector) { return Brute(inspector, prefixes); },
      [](const Brute& b) { return b.complete(); });
}

Searched endings_by_reduction(const RandomProgram& p, std::uint8_t revealed) {
  using raddle::explore::Dpor;
  return endings(
      p, revealed, [](auto& inspector) { return Dpor(inspector, {}); },
      [](const Dpor& d) { return d.counters().exhausted; });
}

Searched endings_of_every_schedule(const RandomProgram& p, std::uint8_t revealed) {
  using raddle::test::EverySchedule;
  return endings(
      p, revealed, [](auto& inspector) { return EverySchedule(inspector, 30000); },
      [](const EverySchedule& all) { return all.complete; });
}

using raddle::test::from_environment;

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

TEST_CASE("programs end in every schedule in one of the ways that the searches see") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 25);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  for (const raddle::test::FuzzRow& row : raddle::test::kFuzzRows) {
    const std::string name = row.name;
    CAPTURE(name);
    std::uint64_t executions = 0, schedules = 0, ways = 0, skipped = 0;
    for (std::uint64_t k = 0; k < programs && skipped < 20 * programs;) {
      const RandomProgram p = generate(row.features);
      // What has to be visible is found by brute force, and is visible from the start then.
      const std::uint8_t revealed = endings(p, 0).revealed;
      const Searched all = endings_of_every_schedule(p, revealed);
      if (!all.complete) {
        ++skipped;
        continue;
      }
      ++k;
      const Searched brute = endings(p, revealed, SIZE_MAX), reduced = endings_by_reduction(p, revealed);
      CHECK_MESSAGE(brute.endings == all.endings, p.text());
      CHECK_MESSAGE(reduced.endings == all.endings, p.text());
      schedules += all.executions;
      executions += reduced.executions;
      ways += all.endings.size();
    }
    MESSAGE(name, ": ", schedules, " schedules, ", executions, " executions, ", ways, " endings");
    CHECK(executions < schedules);
  }
}
