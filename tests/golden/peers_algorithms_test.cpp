// Mutual exclusion by loads and stores: exact numbers that Nidhugg and GenMC agree on (docs/golden.md).
#include <doctest/doctest.h>

#include "tests/support/expect_classes.h"
#include "tests/support/peer_algorithms.h"

using namespace programs;
using namespace raddle::test;

TEST_CASE("two threads, bounded waiting") {
  expect_classes("peterson(2)", peterson(2), 2420, kLarge);
  expect_classes("dekker(2)", dekker(2), 1599, kSmall);
  expect_classes("szymanski(2)", szymanski(2), 22945, kLarge);
  expect_classes("lamport(2)", lamport_fast(2), 25828, kLarge);
  expect_classes("bakery", bakery(5), 194, kSmall);
  expect_classes("burns", burns(10), 319, kSmall);
  expect_classes("dijkstra", dijkstra(5), 135, kSmall);
}

TEST_CASE("two threads, a single round: brute force") {
  expect_classes("szymanski(1)", szymanski(1), 103, kSmall);
  expect_classes("lamport(1)", lamport_fast(1), 32, kSmall);
}

// The peers agree on the complete executions, and report fewer blocked ones: 143, 919 and 5527. Where an
// assumption is about a value just read, GenMC leaves out most reads that would fail it, and which depends on
// the order of its search. Ours are all, with the other threads running on; brute force has the same, also
// for the large ones.
TEST_CASE("waiting by assumption: complete and blocked executions") {
  expect_peers(
      "parker(4)", [](PeerView& v) { return parker(4, v); }, 316 + 229, 316, 229, kSmall);
  expect_peers(
      "parker(8)", [](PeerView& v) { return parker(8, v); }, 2008 + 1423, 2008, 1423, kLarge);
  expect_peers(
      "lamport, n = 2", [](PeerView& v) { return lamport_assuming(2, v); }, 16 + 16, 16, 16, kSmall);
  expect_peers(
      "lamport, n = 3", [](PeerView& v) { return lamport_assuming(3, v); }, 9216 + 11525, 9216, 11525,
      kLarge);
}
