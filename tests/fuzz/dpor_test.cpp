// Optimal DPOR against brute force on random programs, class by class; Source DPOR's classes too.
//
// RADDLE_FUZZ_PROGRAMS sets the number of programs per row (default: a quick run); RADDLE_FUZZ_SEED the seed.
#include <doctest/doctest.h>

#include "tests/support/fuzz_rows.h"
#include "tests/support/random_program.h"
#include "tests/support/search.h"

using namespace programs;
using raddle::test::brute_force;
using raddle::test::from_environment;
using raddle::test::FuzzRow;
using raddle::test::kFuzzRows;
using raddle::test::search;
using raddle::test::SearchOptions;

TEST_CASE("every class exactly once") {
  const std::uint64_t programs = from_environment("RADDLE_FUZZ_PROGRAMS", 60);
  Generator generate(from_environment("RADDLE_FUZZ_SEED", 1));
  for (const FuzzRow& row : kFuzzRows) {
    CAPTURE(row.name);
    std::uint64_t classes = 0, deadlocking = 0, skipped = 0, bad = 0, source_blocked = 0;
    for (std::uint64_t k = 0; k < programs;) {
      const RandomProgram p = generate(row.features);
      SearchOptions o;
      o.notify_any = p.notify_any;
      auto brute = brute_force(model(p), 20000, o);
      if (!brute.complete) {
        ++skipped;
        continue;
      }
      // What has to be visible may show late in the reductions: let all start with the same.
      o.revealed = brute.revealed;
      ++k;
      deadlocking += brute.deadlocks > 0;
      classes += brute.classes.size();
      bool wrong = brute.clock_classes.size() != brute.classes.size();
      std::uint64_t races = 0;
      for (unsigned mode = 0; mode < 8 && !wrong; ++mode) {
        SearchOptions d = o;
        d.limit = 20 * brute.classes.size() + 200;
        d.dpor.shuffle = mode & 1 ? 1 + static_cast<unsigned>(generate.below(1 << 30)) : 0;
        d.dpor.trim = !(mode & 2);
        d.dpor.rescan_all = mode & 4;
        const auto s = search(model(p), d);
        if (mode == 0) races = s.counters.races;
        wrong |= s.classes != brute.classes || s.statistics.blocked != 0 || s.counters.races != races ||
                 s.statistics.deadlocks != brute.deadlocks || s.revealed != brute.revealed;
        if (wrong && bad == 0)
          MESSAGE(row.name, " mode ", mode, ": ", s.classes.size(), " of ", brute.classes.size(),
                  " classes, ", s.duplicates(), " duplicates, blocked ", s.statistics.blocked, ", races ",
                  s.counters.races, " / ", races, ", revealed ", int(s.revealed), " / ", int(brute.revealed),
                  "\n", p.text());
      }
      if (brute.revealed) {  // found by the search itself
        SearchOptions d = o;
        d.revealed = 0;
        const auto s = search(model(p), d);
        const bool same = s.revealed == brute.revealed && s.classes == brute.classes;
        if (!same && bad == 0)
          MESSAGE(row.name, " revealing: ", s.classes.size(), " of ", brute.classes.size(),
                  " classes, revealed ", int(s.revealed), " / ", int(brute.revealed), "\n", p.text());
        wrong |= !same;
      }
      SearchOptions source = o;
      source.dpor.optimal = false;
      const auto s = search(model(p), source);
      source_blocked += s.statistics.blocked;
      bool same = s.classes.size() == brute.classes.size();
      for (const auto& [print, count] : s.classes) same &= brute.classes.contains(print);
      if (!same && bad == 0)
        MESSAGE(row.name, " source: ", s.classes.size(), " of ", brute.classes.size(), "\n", p.text());
      bad += wrong || !same;
    }
    MESSAGE(row.name, ": ", programs, " programs (", skipped, " skipped, ", deadlocking, " deadlocking), ",
            classes, " classes, source blocked ", source_blocked, ", wrong ", bad);
    CHECK(bad == 0);
  }
}
