// Asserts an exact number of classes: each explored once, whatever the free scheduling, and by Source DPOR too.
#pragma once
#include <string>

#include <doctest/doctest.h>

#include "tests/support/peer_view.h"
#include "tests/support/search.h"

namespace raddle::test {

struct Expected {
  std::uint64_t classes = 0;
  std::uint64_t deadlocks = 0;
  int seeds = 2;       // with random free scheduling
  bool source = true;  // slow where many executions end blocked
};

template <class P>
void expect_classes(const std::string& name, const P& program, const Expected& expected) {
  CAPTURE(name);
  std::uint64_t races = 0, checksum = 0;
  for (int seed = 0; seed <= expected.seeds; ++seed) {
    CAPTURE(seed);
    SearchOptions o;
    o.limit = expected.classes * 2 + 1000;
    o.dpor.shuffle = static_cast<unsigned>(seed);
    const auto s = search(program, o);
    REQUIRE(s.statistics.stop == explore::StopReason::Exhausted);
    CHECK(s.statistics.executions == expected.classes);
    CHECK(s.classes.size() == expected.classes);
    CHECK(s.statistics.deadlocks == expected.deadlocks);
    CHECK(s.statistics.blocked == 0);
    CHECK(s.statistics.failing == 0);
    if (seed == 0) races = s.counters.races, checksum = s.statistics.checksum;
    CHECK(s.counters.races == races);
    CHECK(s.statistics.checksum == checksum);
  }
  if (!expected.source) return;
  SearchOptions source;
  source.dpor.optimal = false;
  const auto s = search(program, source);
  CHECK(s.classes.size() == expected.classes);
  CHECK(s.statistics.checksum == checksum);
}

}  // namespace raddle::test
