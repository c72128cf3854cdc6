// Searches in several processes find the same classes, in as many executions, as one process does.
#include "checker/explore/parallel_search.h"

#include <doctest/doctest.h>

#include "checker/explore/witness.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/killer.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace std::chrono_literals;
using explore::ParallelSearch;
using explore::StopReason;

namespace {

struct Found {
  explore::Statistics statistics;
  std::uint64_t races = 0, leases = 0;
  std::vector<explore::Finding> findings;
  std::vector<detect::Severity> severities;  // of them
  std::uint8_t revealed = 0;
};

struct Setting {
  std::size_t jobs = 2;
  std::chrono::nanoseconds alone = 0ns, lease = 0ns;
  int victims = 0;  // workers that are killed
  std::uint8_t revealed = 0;
  bool notify_any = true;
};

template <class F>
Found search(const F& program, const Setting& s) {
  engine::Engine e;
  e.set_revealed(s.revealed);
  e.set_notify_any(s.notify_any);
  explore::Inspector inspector;
  explore::Detectors detectors({});
  detectors.add_to(inspector);
  test::Killer killer(s.victims);
  test::DyingModel<F> model(program, killer);
  ParallelSearch search(inspector, model, killer,
                        {.order = {}, .jobs = s.jobs, .alone = s.alone, .lease = s.lease});
  e.run(search, model);
  CHECK(killer.done());
  std::vector<detect::Severity> severities;
  for (const explore::Finding& f : inspector.findings()) severities.push_back(f.severity());
  return {inspector.statistics(), search.races(), search.leases(),
          inspector.findings(),   severities,     e.revealed()};
}

template <class F>
void check_same(const F& program, const Setting& s, std::uint64_t classes) {
  const Found alone = search(program, {.jobs = 1, .revealed = s.revealed});
  const Found together = search(program, s);
  CHECK(alone.statistics.executions == classes);
  CHECK(alone.statistics.stop == StopReason::Exhausted);
  CHECK(together.statistics.stop == StopReason::Exhausted);
  CHECK(together.statistics.executions == classes);
  CHECK(together.statistics.classes == classes);
  CHECK(together.statistics.checksum == alone.statistics.checksum);
  CHECK(together.statistics.deadlocks == alone.statistics.deadlocks);
  CHECK(together.statistics.events == alone.statistics.events);
  CHECK(together.races == alone.races);
  CHECK(together.leases >= s.jobs);
  REQUIRE(together.findings.size() == alone.findings.size());
  for (std::size_t i = 0; i < alone.findings.size(); ++i) {
    const explore::Finding& f = alone.findings[i];
    const auto same = std::find_if(together.findings.begin(), together.findings.end(),
                                   [&](const auto& x) { return x.observation.key == f.observation.key; });
    REQUIRE(same != together.findings.end());
    CHECK(same->count == f.count);
    CHECK(same->print == f.print);
    const auto at = static_cast<std::size_t>(same - together.findings.begin());
    CHECK(together.severities[at] == alone.severities[i]);
  }
}

}  // namespace

TEST_CASE("as many classes with any number of workers") {
  for (const std::size_t jobs : {2u, 3u, 8u}) {
    CAPTURE(jobs);
    check_same(programs::counter(2, 3), {.jobs = jobs}, 328);
    check_same(programs::locked_counter(3, 2), {.jobs = jobs}, 90);
    check_same(programs::lastzero(7), {.jobs = jobs}, 320);
    check_same(programs::philosophers(5, false), {.jobs = jobs}, 31);
    check_same(programs::condition_buffer(2, 2, 1, true), {.jobs = jobs}, 80);
  }
  check_same(programs::counter(3, 2), {.jobs = 2, .lease = 1ms}, 7134);
}

TEST_CASE("workers that are killed lose nothing") {
  check_same(programs::counter(2, 3), {.jobs = 3, .victims = 5}, 328);
  check_same(programs::condition_buffer(2, 2, 1, true), {.jobs = 2, .victims = 2}, 80);
}

TEST_CASE("random programs, in four processes") {
  const std::uint64_t programs = test::from_environment("RADDLE_FUZZ_PROGRAMS", 4);
  programs::Generator generate(test::from_environment("RADDLE_FUZZ_SEED", 1));
  for (const test::FuzzRow& row : test::kFuzzRows) {
    CAPTURE(row.name);
    for (std::uint64_t k = 0; k < programs;) {
      const programs::RandomProgram p = generate(row.features);
      const Setting one{.jobs = 1, .notify_any = p.notify_any};
      Setting four = one;
      four.jobs = 4;
      const Found expected = search(model(p), one);
      if (expected.statistics.executions > 3000 || expected.statistics.executions < 8) continue;
      ++k;
      const Found found = search(model(p), four);
      CAPTURE(p.text());
      CHECK(found.statistics.checksum == expected.statistics.checksum);
      CHECK(found.statistics.executions == expected.statistics.executions);
      CHECK(found.statistics.deadlocks == expected.statistics.deadlocks);
      CHECK(found.races == expected.races);
      CHECK(found.revealed == expected.revealed);
      CHECK(found.findings.size() == expected.findings.size());
    }
  }
}
