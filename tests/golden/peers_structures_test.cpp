// Compare-exchanges, locks on atomics and lock-free structures: exact numbers of RCMC's and GenMC's tests
// (docs/golden.md). Each row has raddle's classes, and the peers' traces as PeerView sees them.
#include <doctest/doctest.h>

#include "tests/support/expect_classes.h"
#include "tests/support/peer_structures.h"

using namespace programs;
using namespace raddle::test;

namespace {

/// What the failing threads of casrot may have read, summed over the number k of those that succeed: thread k
/// one of 0..k - 1, and each thread behind it one of 0..k.
std::uint64_t rotations(int n) {
  std::uint64_t sum = 1;
  for (int k = 1; k < n; ++k) sum += k * power(k + 1, n - k - 1);
  return sum;
}

}  // namespace

TEST_CASE("casrot: n compare-exchanges, some of which fail") {
  for (int n = 1; n <= 7; ++n)
    expect_peers(
        call("casrot", {n}), [&](PeerView& v) { return cas_rotation(n, v); }, rotations(n), rotations(n), 0,
        n <= 5 ? kSmall : kLarge);
  CHECK(rotations(6) == 144);
  CHECK(rotations(9) == 8597);
}

TEST_CASE("casw: n!^2 H(n)") {
  // One thread is first. Whoever writes as the i-th has read one of i values, unless he was the first.
  for (int n = 1; n <= 4; ++n) {
    std::uint64_t traces = 0;
    for (int i = 1; i <= n; ++i) traces += factorial(n) * factorial(n) / i;
    expect_peers(
        call("casw", {n}), [&](PeerView& v) { return cas_then_write(n, v); }, traces, traces, 0,
        n <= 3 ? kSmall : kLarge);
    if (n == 4) CHECK(traces == 1200);
  }
}

// GenMC reports 2, 3, 1 and 0 blocked executions: it leaves out reads of values that fail an assumption about
// them.
TEST_CASE("locks on atomics") {
  expect_peers(
      "spinlock", [](PeerView& v) { return with_lock<SpinLock>(2, v); }, 8, 4, 4, kSmall);
  expect_peers(
      "ttaslock", [](PeerView& v) { return with_lock<TestAndTestAndSet>(2, v); }, 8, 4, 4, kSmall);
  expect_peers(
      "ticketlock", [](PeerView& v) { return with_lock<TicketLock>(2, v); }, 4, 2, 2, kSmall);
  expect_peers(
      "mutex on a futex", [](PeerView& v) { return with_lock<FutexMutex>(2, v); }, 14, 12, 2, kSmall);
}

// No assumption is about a value that has only been read, and the blocked executions are as many as GenMC's.
TEST_CASE("reader-writer lock, stack and queue") {
  expect_peers(
      "linuxrwlocks", [](PeerView& v) { return reader_writer_lock(0, 0, 2, v); }, 34, 14, 20, kSmall);
  expect_peers(
      "linuxrwlocks", [](PeerView& v) { return reader_writer_lock(2, 1, 0, v); }, 34, 14, 20, kSmall);
  expect_peers(
      "treiber-stack", [](PeerView& v) { return treiber_stack(v); }, 22, 18, 4, kSmall);
  expect_peers("ms-queue", [](PeerView& v) { return michael_scott_queue(0, 0, 2, v); }, 178, 50, 128,
               {.brute_force = 100000});
}

TEST_CASE("work-stealing deque") {
  expect_peers(
      "chase-lev", [](PeerView& v) { return work_stealing(5, 3, 2, {1}, v); }, 59, 59, 0, kSmall);
  expect_peers(
      "dq",
      [](PeerView& v) {
        return work_stealing(2, 1, 1, {2, 1}, v);
      },
      1373, 1373, 0, kLarge);
}
