// How many classes have a schedule with at most so many preemptions (docs/golden.md).
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "tests/support/every_schedule.h"
#include "tests/support/peer_algorithms.h"
#include "tests/support/programs.h"

using namespace programs;
using raddle::explore::BoundKind;
using raddle::test::bounded_search;

namespace {

template <class F>
void expect_levels(const std::string& name, const F& program, const std::vector<std::uint64_t>& classes) {
  CAPTURE(name);
  const auto s = bounded_search(program, {BoundKind::Preemptions, static_cast<int>(classes.size()) - 1});
  REQUIRE(s.statistics.stop == raddle::explore::StopReason::Exhausted);
  REQUIRE(s.levels.size() == classes.size());
  for (std::size_t k = 0; k < classes.size(); ++k) {
    CAPTURE(k);
    CHECK(s.levels[k].classes == classes[k]);
  }
  CHECK(s.statistics.classes == classes.back());
  CHECK(s.classes.size() == classes.back());
}

std::uint64_t choose(std::uint64_t n, std::uint64_t k) {
  std::uint64_t c = 1;
  for (std::uint64_t i = 1; i <= k; ++i) c = c * (n - k + i) / i;
  return k > n ? 0 : c;
}

}  // namespace

TEST_CASE("the numbers of classes within a bound are those that GenMC finds") {
  expect_levels("fib_bench(3)", fibonacci(3, true), {2, 17, 102, 401, 936, 1485, 1680, 1698, 1698});
  expect_levels("peterson(2)", peterson(2), {2, 20, 74, 242, 728, 1188, 1862});
  expect_levels("dekker(2)", dekker(2), {2, 16, 48, 115, 307, 534, 874});
  expect_levels("sigma(5)", sigma(5), {120, 564, 892, 944, 945, 945});
  expect_levels("pthread_demo", under_one_lock({5, 5}), {2, 10, 42, 90, 162, 210, 242});
  expect_levels("stack_true(6)", locked_stack(6), {2, 12, 62, 162, 362, 562, 762});
  expect_levels("counter(2,1)", counter(2, 1), {2, 4});
  expect_levels("counter(2,2)", counter(2, 2), {2, 8, 22, 32, 34, 34});
  expect_levels("counter(2,3)", counter(2, 3), {2, 12, 56, 132, 236, 304, 326, 328});
  expect_levels("counter(3,1)", counter(3, 1), {6, 24, 36, 36});
}

// With one lock and two threads, a class is a sequence of sections; r runs of one thread's sections need r - 2
// preemptions, and there are as many ways to cut k sections into a given number of runs as to place the cuts.
TEST_CASE("critical sections of two threads: a class of r runs needs r - 2 preemptions") {
  for (int k = 1; k <= 6; ++k) {
    std::vector<std::uint64_t> classes;
    std::uint64_t sum = 0;
    const auto n = static_cast<std::uint64_t>(k - 1);
    for (std::uint64_t runs = 2; runs <= static_cast<std::uint64_t>(2 * k); ++runs) {
      sum += 2 * choose(n, (runs + 1) / 2 - 1) * choose(n, runs / 2 - 1);
      classes.push_back(sum);
    }
    CHECK(sum == choose(2 * static_cast<std::uint64_t>(k), static_cast<std::uint64_t>(k)));
    expect_levels("sections(2," + std::to_string(k) + ")", sections(2, k), classes);
  }
}

// Whoever has run to its end is followed by another one: without a preemption, threads run one after the other.
TEST_CASE("without preemptions there are as many classes as orders of dependent threads") {
  std::uint64_t orders = 1;
  for (int n = 1; n <= 6; ++n) {
    orders *= static_cast<std::uint64_t>(n);
    CHECK(bounded_search(counter(n, 1), {BoundKind::Preemptions, 0}).classes.size() == orders);
    // The scheduler of delays has one schedule.
    CHECK(bounded_search(counter(n, 3), {BoundKind::Delays, 0}).classes.size() == 1);
  }
}

// A delay at one of the k - 1 places between two sections of a thread, or before its first one.
TEST_CASE("one delay of two threads with k sections leads to k + 1 classes") {
  for (int k = 1; k <= 8; ++k)
    CHECK(bounded_search(sections(2, k), {BoundKind::Delays, 1}).classes.size() ==
          static_cast<std::size_t>(k + 1));
}

TEST_CASE("the deadlock of the philosophers needs one preemption") {
  for (int n = 2; n <= 5; ++n) {
    CAPTURE(n);
    CHECK(bounded_search(philosophers(n, false), {BoundKind::Preemptions, 0}).statistics.deadlocks == 0);
    CHECK(bounded_search(philosophers(n, false), {BoundKind::Preemptions, 1}).statistics.deadlocks > 0);
  }
}
