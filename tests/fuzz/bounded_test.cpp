// Bounded search on random programs: the classes that it finds are exactly those that have a schedule within the
// bound, by running every single schedule. RADDLE_FUZZ_PROGRAMS and RADDLE_FUZZ_SEED as in dpor_test.cpp.
#include <cstdlib>

#include <doctest/doctest.h>

#include "tests/support/every_schedule.h"
#include "tests/support/random_program.h"

using namespace programs;
using raddle::explore::Bounded;
using raddle::explore::BoundKind;
using raddle::test::bounded_search;
using raddle::test::brute_force;
using raddle::test::every_schedule;
using raddle::test::SearchOptions;

namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* s = std::getenv(name);
  return s ? std::strtoull(s, nullptr, 10) : otherwise;
}

struct Row {
  const char* name;
  unsigned features;
};

constexpr Row kRows[] = {
    {"memory", kCas},
    {"pairs and conditions", kPairs | kLocks | kConditions},
    {"locks", kLocks},
    {"timed locks", kLocks | kTimeouts},
    {"timed conditions", kLocks | kConditions | kTimeouts},
    {"semaphores", kSemaphores | kTimeouts},
    {"queues", kQueues | kTimeouts},
    {"queues, mostly put and get", kQueues | kPutsAndGets},
    {"events", kEvents | kTimeouts},
    {"barriers", kBarriers},
    {"once and lives of threads", kOnce | kLives | kLocks},
    {"destroy", kDestroy | kLocks},
    {"choices", kLocks | kChoices},
    {"daemons and exits", kExits | kLocks | kTimeouts | kConditions | kChoices | kLives},
    {"all", kCas | kLocks | kConditions | kSemaphores | kQueues | kChoices | kTimeouts | kEvents | kBarriers |
                kLives | kOnce | kDestroy | kExits},
};

constexpr int kBounds = 4;  // 0 to 3

}  // namespace

TEST_CASE("a bounded search finds exactly the classes that have a schedule within the bound") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 12);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  for (const Row& row : kRows) {
    const std::string name = row.name;
    CAPTURE(name);
    std::uint64_t skipped = 0, bad = 0, sought = 0, beyond = 0;
    for (std::uint64_t k = 0; k < programs;) {
      const RandomProgram p = generate(row.features);
      SearchOptions o;
      o.notify_any = p.notify_any;
      const auto brute = brute_force(model(p), 4000, o);
      o.revealed = brute.revealed;
      const auto truth =
          brute.complete ? every_schedule(model(p), 60000, o) : raddle::test::EveryScheduleRun{};
      if (!truth.complete) {
        ++skipped;
        continue;
      }
      ++k;
      CHECK(truth.classes.size() == brute.classes.size());
      for (const BoundKind kind : {BoundKind::Preemptions, BoundKind::Delays}) {
        for (int bound = 0; bound <= kBounds; ++bound) {  // the last one: none at all
          const bool unbounded = bound == kBounds;
          const auto s = bounded_search(model(p), {kind, unbounded ? -1 : bound}, o);
          std::size_t within = 0;
          bool wrong = s.statistics.stop != raddle::explore::StopReason::Exhausted;
          for (const auto& [print, least] : truth.classes) {
            const int cost = kind == BoundKind::Preemptions ? least.preemptions : least.delays;
            const bool expected = unbounded || cost <= bound;
            within += expected;
            wrong |= s.classes.contains(print) != expected;
          }
          wrong |= s.classes.size() != within || s.statistics.classes != within;
          // Of lower bounds, the number of classes is known, too.
          for (std::size_t low = 0; low < s.levels.size(); ++low) {
            const auto expected =
                std::count_if(truth.classes.begin(), truth.classes.end(), [&](const auto& c) {
                  return (kind == BoundKind::Preemptions ? c.second.preemptions : c.second.delays) <=
                         static_cast<int>(low);
                });
            wrong |= s.levels[low].classes != static_cast<std::uint64_t>(expected);
          }
          wrong |= !s.left_out && within != truth.classes.size();
          sought += within;
          beyond += truth.classes.size() - within;
          if (wrong && bad == 0)
            MESSAGE(name, std::string(kind == BoundKind::Preemptions ? " preemptions " : " delays "), bound,
                    ": ", s.classes.size(), " classes of ", within, "\n", p.text());
          bad += wrong;
        }
      }
    }
    MESSAGE(name, ": ", programs, " programs (", skipped, " skipped), ", sought, " classes within bounds, ",
            beyond, " beyond, wrong ", bad);
    CHECK(bad == 0);
    CHECK(beyond > 0);
  }
}
