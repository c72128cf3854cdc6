// Exact numbers of classes, each explored once, whatever the free scheduling.
#include <string>

#include <doctest/doctest.h>

#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace programs;
using raddle::test::search;
using raddle::test::SearchOptions;

namespace {

template <class P>
void expect(const std::string& name, const P& program, std::uint64_t classes, std::uint64_t deadlocks = 0,
            int seeds = 6) {
  CAPTURE(name);
  std::uint64_t races = 0, checksum = 0;
  static unsigned seed = 0;
  for (int mode = 0; mode < 3 + seeds; ++mode) {
    CAPTURE(mode);
    SearchOptions o;
    o.limit = classes * 20 + 1000;
    o.dpor.rescan_all = mode == 1;
    o.dpor.trim = mode != 2;
    o.dpor.shuffle = mode < 3 ? 0 : ++seed;
    const auto s = search(program, o);
    REQUIRE(s.statistics.stop == raddle::explore::StopReason::Exhausted);
    CHECK(s.statistics.executions == classes);
    CHECK(s.classes.size() == classes);
    CHECK(s.statistics.deadlocks == deadlocks);
    CHECK(s.statistics.blocked == 0);
    if (mode == 0) races = s.counters.races, checksum = s.statistics.checksum;
    CHECK(s.counters.races == races);
    CHECK(s.statistics.checksum == checksum);
  }
  SearchOptions source;
  source.dpor.optimal = false;
  const auto s = search(program, source);
  CHECK(s.classes.size() == classes);
  CHECK(s.statistics.checksum == checksum);
}

/// n threads that try once to get a lock: k of them do, in any order, and each of the others fails while one of the k has it.
std::uint64_t lock_or_fail(int n) {
  std::uint64_t sum = 0, orders = 1;
  for (int k = 1; k <= n; ++k) {
    orders *= static_cast<std::uint64_t>(n - k + 1);
    std::uint64_t failures = 1;
    for (int i = k; i < n; ++i) failures *= static_cast<std::uint64_t>(k);
    sum += orders * failures;
  }
  return sum;
}

/// Each of n threads adds once, each of k reads once: acyclic orientations of the complete bipartite graph of n and k nodes,
/// the poly-Bernoulli number of n and -k.
std::uint64_t sums_and_looks(int n, int k) {
  auto partitions = [](auto&& self, int of, int into) -> std::uint64_t {
    if (of == 0 || into == 0) return of == into;
    return static_cast<std::uint64_t>(into) * self(self, of - 1, into) + self(self, of - 1, into - 1);
  };
  std::uint64_t sum = 0, factorial = 1;
  for (int j = 0; j <= std::min(n, k); ++j) {
    if (j) factorial *= static_cast<std::uint64_t>(j);
    sum +=
        factorial * factorial * partitions(partitions, n + 1, j + 1) * partitions(partitions, k + 1, j + 1);
  }
  return sum;
}

std::string call(const char* family, std::initializer_list<int> arguments) {
  std::string s = family;
  char separator = '(';
  for (int a : arguments) s += separator + std::to_string(a), separator = ',';
  return s + ')';
}

}  // namespace

TEST_CASE("counters") {
  const int two[] = {4, 34, 328, 3334};
  for (int k = 1; k <= 4; ++k) expect(call("counter", {2, k}), counter(2, k), two[k - 1]);
  expect("counter(3,1)", counter(3, 1), 36);
  expect("counter(3,2)", counter(3, 2), 7134, 0, 2);
  expect("counter(4,1)", counter(4, 1), 576);
  expect("objects created by threads", own_objects(), 36);
  expect("thread tree", thread_tree(), 36);
}

TEST_CASE("critical sections and atomic increments: (nk)! / k!^n") {
  struct {
    int n, k, classes;
  } rows[] = {{2, 1, 2}, {2, 2, 6}, {2, 3, 20}, {3, 1, 6}, {3, 2, 90}, {4, 1, 24}, {5, 1, 120}, {3, 3, 1680}};
  for (const auto& r : rows) {
    expect(call("locked_counter", {r.n, r.k}), locked_counter(r.n, r.k), r.classes);
    expect(call("sections", {r.n, r.k}), sections(r.n, r.k), r.classes);
    expect(call("increments", {r.n, r.k}), increments(r.n, r.k), r.classes);
  }
}

TEST_CASE("readers: 2^n") {
  for (int n = 1; n <= 10; ++n) expect(call("readers", {n}), readers(n), 1u << n);
}

TEST_CASE("lastzero: (n + 3) 2^(n - 2)") {
  for (int n = 1; n <= 10; ++n)
    expect(call("lastzero", {n}), lastzero(n), n == 1 ? 2 : static_cast<unsigned>(n + 3) << (n - 2));
}

TEST_CASE("philosophers: 2^n - 1 with one deadlock, or 2^n - 2") {
  for (int n = 2; n <= 7; ++n) {
    expect(call("philosophers", {n}), philosophers(n, false), (1u << n) - 1, 1);
    expect(call("philosophers ordered", {n}), philosophers(n, true), (1u << n) - 2);
  }
}

TEST_CASE("bounded queues") {
  struct {
    int producers, consumers, items, capacity;
    unsigned apart, together;  // its ends are told apart, or not
  } rows[] = {{1, 1, 2, 1, 1, 1},   {1, 1, 2, 2, 1, 2},   {1, 1, 3, 1, 1, 1},    {1, 1, 3, 2, 1, 4},
              {1, 1, 3, 3, 1, 5},   {1, 1, 4, 2, 1, 8},   {1, 1, 4, 4, 1, 14},   {2, 1, 2, 1, 6, 6},
              {2, 1, 2, 2, 6, 48},  {2, 2, 2, 1, 36, 36}, {2, 2, 2, 2, 36, 288}, {3, 1, 1, 1, 6, 6},
              {3, 3, 1, 3, 36, 180}};
  for (const auto& r : rows) {
    const auto program = producers_consumers(r.producers, r.consumers, r.items, r.capacity);
    const std::string name = call("queue", {r.producers, r.consumers, r.items, r.capacity});
    expect(name, program, r.apart);
    raddle::test::SearchOptions together;
    together.revealed = static_cast<std::uint8_t>(raddle::engine::Hidden::QueueEnds);
    CHECK_MESSAGE(raddle::test::search(program, together).classes.size() == r.together, name);
  }
}

TEST_CASE("condition variables") {
  expect("buffer(1,1,1)", condition_buffer(1, 1, 1, false), 2);
  expect("buffer(1,1,2)", condition_buffer(1, 1, 2, false), 8);
  expect("buffer(1,1,3)", condition_buffer(1, 1, 3, false), 32);
  expect("buffer(2,1,1)", condition_buffer(2, 1, 1, false), 16);
  expect("buffer(2,2,1), one condition", condition_buffer(2, 2, 1, true), 80, 8);
  expect("lost wake-up", lost_wakeup(), 2, 1);
}

TEST_CASE("timed waits and timed locks") {
  for (int n = 2; n <= 4; ++n) expect(call("timed lock", {n}), timed_lock_once(n), lock_or_fail(n));
  expect("timed wait, notification", timed_waits(1, true), 4);
  expect("two timed waits, one notification", timed_waits(2, false), 96);
}

TEST_CASE("semaphores, try-locks, choices, barriers") {
  expect("semaphore(2)", semaphore_mutex(2), 2);
  expect("semaphore(3)", semaphore_mutex(3), 6);
  expect("semaphore(4)", semaphore_mutex(4), 24);
  for (int n = 2; n <= 4; ++n) expect(call("try-lock", {n}), try_lock_once(n), lock_or_fail(n));
  expect("choices", choices(), 18);
  expect("choice race", choice_race(), 3);
  for (int n = 2; n <= 5; ++n) expect(call("barrier", {n}), barrier_neighbours(n), 1);
}

TEST_CASE("indexer: 8^(n - 11)") {
  expect("indexer(11)", indexer(11), 1);
  expect("indexer(12)", indexer(12), 8);
  expect("indexer(13)", indexer(13), 64);
  expect("indexer(14)", indexer(14), 512, 0, 2);
}

TEST_CASE("file system: 2^(n - 13)") {
  expect("filesystem(13)", filesystem(13), 1);
  expect("filesystem(14)", filesystem(14), 2);
  expect("filesystem(16)", filesystem(16), 8);
  expect("filesystem(18)", filesystem(18), 32);
}

TEST_CASE("races have to be reconsidered against the whole execution") {
  for (int k = 0; k < 40; ++k) expect("rescan trap", rescan_trap(), 14, 6);
  for (unsigned seed = 1; seed <= 200; ++seed) {
    SearchOptions o;
    o.dpor.shuffle = seed;
    const auto s = search(lastzero(10), o);
    CHECK(s.statistics.executions == 3328);
    CHECK(s.classes.size() == 3328);
  }
}

TEST_CASE("additions commute with one another, and with nothing else") {
  auto program = [](int adding, int reading) {
    return [=] {
      atomic<int> x;
      threads(adding + reading, [&](int i) {
        if (i < adding)
          x.add(1);
        else
          x.load();
      });
    };
  };
  for (int n = 1; n <= 5; ++n) {
    expect(call("additions", {n}), program(n, 0), 1);
    expect(call("additions and a read", {n}), program(n, 1), std::uint64_t{1} << n);
  }
  CHECK(sums_and_looks(2, 2) == 14);
  for (int n = 2; n <= 3; ++n)
    for (int k = 2; k <= 3; ++k)
      expect(call("additions and reads", {n, k}), program(n, k), sums_and_looks(n, k));
  // With an increment whose result is used, or a write: who of the others comes before.
  auto with = [](auto&& other) {
    return [=] {
      atomic<int> x;
      threads(4, [&](int i) {
        if (i)
          x.add(1);
        else
          other(x);
      });
    };
  };
  expect("additions and an increment", with([](atomic<int>& x) { x.fetch_add(1); }), 8);
  expect("additions and a write", with([](atomic<int>& x) { x.store(1); }), 8);
}

TEST_CASE("what fails commutes") {
  auto while_held = [](auto&& attempt) {
    return [=] {
      timed_mutex m;
      m.lock();
      threads(4, [&](int) { attempt(m); });
      m.unlock();
    };
  };
  using namespace std::chrono_literals;
  expect("try-locks of a held mutex", while_held([](timed_mutex& m) { m.try_lock(); }), 1);
  expect("timeouts at a held mutex", while_held([](timed_mutex& m) { m.try_lock_for(1s); }), 1);
  auto with_empty = [](auto&& attempt) {
    return [=] {
      counting_semaphore<> s(0);
      queue<int> q(1);
      atomic<int> x(1);
      threads(4, [&](int i) { attempt(i, s, q, x); });
    };
  };
  using Semaphore = counting_semaphore<>;
  expect("try-acquires of no unit",
         with_empty([](int, Semaphore& s, queue<int>&, atomic<int>&) { s.try_acquire(); }), 1);
  expect("try-gets of no item", with_empty([](int, Semaphore&, queue<int>& q, atomic<int>&) { q.try_get(); }),
         1);
  // One put succeeds.
  expect("try-puts", with_empty([](int, Semaphore&, queue<int>& q, atomic<int>&) { q.try_put(1); }), 4);
  expect("compare-exchanges of another value", with_empty([](int, Semaphore&, queue<int>&, atomic<int>& x) {
           int expected = 2;
           x.compare_exchange_strong(expected, 3);
         }),
         1);
  expect("one of which succeeds", with_empty([](int, Semaphore&, queue<int>&, atomic<int>& x) {
           int expected = 1;
           x.compare_exchange_strong(expected, 3);
         }),
         4);
}
