// Asserts an exact number of classes: each explored once whatever the free scheduling, by Source DPOR too,
// and the same ones by brute force where that is affordable.
#pragma once
#include <initializer_list>
#include <string>

#include <doctest/doctest.h>

#include "tests/support/peer_view.h"
#include "tests/support/search.h"

namespace raddle::test {

struct How {
  int seeds = 2;                // searches with random free scheduling
  bool source = true;           // Source DPOR as well
  std::size_t brute_force = 0;  // so many trace prefixes at most; 0: not at all
  std::uint64_t deadlocks = 0;  // of the classes
};
constexpr How kSmall{.brute_force = 20000};
constexpr How kLarge{.seeds = 1};
constexpr How kHuge{.seeds = 0, .source = false};

/// `after_search` is called after each of Optimal's searches; `before_search` before every one.
template <class P, class Before, class After>
void expect_classes(const std::string& name, const P& program, std::uint64_t classes, const How& how,
                    const Before& before_search, const After& after_search) {
  CAPTURE(name);
  std::uint64_t races = 0, checksum = 0;
  for (int seed = 0; seed <= how.seeds; ++seed) {
    CAPTURE(seed);
    SearchOptions o;
    o.limit = classes * 2 + 1000;
    o.dpor.shuffle = static_cast<unsigned>(seed);
    before_search();
    const auto s = search(program, o);
    REQUIRE(s.statistics.stop == explore::StopReason::Exhausted);
    CHECK(s.statistics.executions == classes);
    CHECK(s.classes.size() == classes);
    CHECK(s.statistics.deadlocks == how.deadlocks);
    CHECK(s.statistics.blocked == 0);
    CHECK(s.statistics.failing == 0);
    if (seed == 0) races = s.counters.races, checksum = s.statistics.checksum;
    CHECK(s.counters.races == races);
    CHECK(s.statistics.checksum == checksum);
    after_search();
  }
  if (how.source) {
    SearchOptions source;
    source.dpor.optimal = false;
    before_search();
    const auto s = search(program, source);
    CHECK(s.classes.size() == classes);
    CHECK(s.statistics.checksum == checksum);
  }
  if (how.brute_force) {
    before_search();
    const auto s = brute_force(program, how.brute_force);
    CHECK(s.complete);
    CHECK(s.classes.size() == classes);
    CHECK(s.statistics.checksum == checksum);
    after_search();
  }
}
template <class P>
void expect_classes(const std::string& name, const P& program, std::uint64_t classes, const How& how = {}) {
  expect_classes(
      name, program, classes, how, [] {}, [] {});
}

/// For models with a PeerView: raddle's classes, and the peers' traces in which all assumptions hold and in
/// which one fails. `make` returns the model for a view.
template <class Make>
void expect_peers(const std::string& name, const Make& make, std::uint64_t classes, std::uint64_t complete,
                  std::uint64_t blocked, const How& how = {}) {
  programs::PeerView view;
  expect_classes(
      name, make(view), classes, how, [&] { view = {}; },
      [&] {
        CHECK(view.complete() == complete);
        CHECK(view.blocked() == blocked);
      });
}

inline std::string call(const char* family, std::initializer_list<int> arguments) {
  std::string s = family;
  char separator = '(';
  for (int a : arguments) s += separator + std::to_string(a), separator = ',';
  return s + ')';
}

constexpr std::uint64_t factorial(int n) { return n < 2 ? 1 : n * factorial(n - 1); }
constexpr std::uint64_t binomial(int n, int k) { return factorial(n) / factorial(k) / factorial(n - k); }
constexpr std::uint64_t power(std::uint64_t base, int exponent) {
  return exponent == 0 ? 1 : base * power(base, exponent - 1);
}

}  // namespace raddle::test
