#include "checker/engine/clocks.h"

#include <algorithm>
#include <random>
#include <vector>

#include <doctest/doctest.h>

using raddle::engine::ClockTable;

namespace {

std::vector<int> components(const ClockTable& t, int row, int n) { return {t.row(row), t.row(row) + n}; }

void fill(ClockTable& t, int row, int n, int value) {
  for (int i = 0; i < n; ++i) t.row(row)[i] = value + i;
}

}  // namespace

TEST_CASE("rows keep their contents when the table grows in either direction") {
  ClockTable t;
  t.ensure(3, 2);
  fill(t, 0, 2, 10);
  fill(t, 2, 2, 20);
  t.ensure(5000, 2);
  CHECK(components(t, 0, 2) == std::vector<int>{10, 11});
  fill(t, 4999, 2, 30);
  t.ensure(5000, 100);
  CHECK(components(t, 0, 2) == std::vector<int>{10, 11});
  CHECK(components(t, 2, 2) == std::vector<int>{20, 21});
  CHECK(components(t, 4999, 2) == std::vector<int>{30, 31});
  // Threads that were not there yet have done nothing.
  CHECK(std::all_of(t.row(2) + 2, t.row(2) + 100, [](int c) { return c == 0; }));
}

TEST_CASE("there is room for every thread") {
  for (int threads : {1, 3, 4, 7, 8, 9, 1024}) {
    ClockTable t;
    t.ensure(1, threads);
    CHECK(t.width() >= threads);
    fill(t, 0, threads, 1);
    CHECK(t.row(0)[threads - 1] == threads);
  }
}

TEST_CASE("fewer threads or rows than there are change nothing") {
  ClockTable t;
  t.ensure(10, 20);
  fill(t, 9, 20, 1);
  const std::size_t bytes = t.bytes();
  t.ensure(1, 1);
  CHECK(t.bytes() == bytes);
  CHECK(t.row(9)[19] == 20);
}

TEST_CASE("zero, copy and join work on whole rows") {
  std::minstd_rand random(1);
  for (int threads : {1, 5, 8, 33}) {
    ClockTable t;
    t.ensure(3, threads);
    std::vector<int> a, b, maximum;
    for (int i = 0; i < threads; ++i) {
      a.push_back(static_cast<int>(random() % 9));
      b.push_back(static_cast<int>(random() % 9));
      maximum.push_back(std::max(a.back(), b.back()));
      t.row(0)[i] = a.back();
      t.row(1)[i] = b.back();
      t.row(2)[i] = 77;
    }
    t.copy(t.row(2), t.row(0));
    CHECK(components(t, 2, threads) == a);
    t.join(t.row(2), t.row(1));
    CHECK(components(t, 2, threads) == maximum);
    CHECK(components(t, 0, threads) == a);
    CHECK(components(t, 1, threads) == b);
    t.zero(t.row(2));
    CHECK(components(t, 2, threads) == std::vector<int>(static_cast<std::size_t>(threads)));
  }
}
