// The search in leases against depth-first search, which is tested against brute force, on random programs: the same
// classes, each once, and as many races, with up to eight leases in flight that are given back, or lost, in any order.
//
// RADDLE_FUZZ_PROGRAMS sets the number of programs per row (default: a quick run); RADDLE_FUZZ_SEED the seed.
#include <doctest/doctest.h>

#include "tests/support/fuzz_rows.h"
#include "tests/support/lease_search.h"
#include "tests/support/random_program.h"

using namespace programs;
using raddle::test::from_environment;
using raddle::test::FuzzRow;
using raddle::test::kFuzzRows;
using raddle::test::search;
using raddle::test::search_in_leases;
using raddle::test::SearchOptions;

TEST_CASE("every class exactly once, in leases") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 40);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  std::uint64_t total = 0, all_leases = 0;
  for (const FuzzRow& row : kFuzzRows) {
    CAPTURE(row.name);
    std::uint64_t classes = 0, leases = 0, bad = 0;
    for (std::uint64_t k = 0; k < programs;) {
      const RandomProgram p = generate(row.features);
      SearchOptions o;
      o.notify_any = p.notify_any;
      o.limit = 4000;
      const auto expected = search(model(p), o);
      if (expected.statistics.stop != raddle::explore::StopReason::Exhausted) continue;
      ++k;
      o.revealed = expected.revealed;
      o.limit = 20 * expected.classes.size() + 200;
      classes += expected.classes.size();
      for (unsigned mode = 0; mode < 4; ++mode) {
        o.dpor.shuffle = mode & 1 ? 1 + static_cast<unsigned>(generate.below(1 << 30)) : 0;
        const raddle::test::LeaseOptions l{.seed = 1 + static_cast<unsigned>(generate.below(1 << 30)),
                                           .in_flight = 1 + static_cast<std::size_t>(generate.below(8)),
                                           .quota = mode & 2 ? 1u : 12u};
        const auto s = search_in_leases(model(p), o, l);
        leases += s.leases;
        const bool wrong = s.classes != expected.classes || !s.exhausted || s.statistics.blocked != 0 ||
                           s.counters.races != expected.counters.races;
        if (wrong && bad == 0)
          MESSAGE(row.name, " mode ", mode, ": ", s.classes.size(), " of ", expected.classes.size(),
                  " classes, ", s.duplicates(), " duplicates, blocked ", s.statistics.blocked, ", races ",
                  s.counters.races, " / ", expected.counters.races, ", exhausted ", s.exhausted, "\n",
                  p.text());
        bad += wrong;
      }
    }
    MESSAGE(row.name, ": ", programs, " programs, ", classes, " classes, ", leases, " leases, wrong ", bad);
    CHECK(bad == 0);
    total += programs;
    all_leases += leases;
  }
  MESSAGE(total, " programs, ", all_leases, " leases");
  CHECK(all_leases > 4 * total);
}
