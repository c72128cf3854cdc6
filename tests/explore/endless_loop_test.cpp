// Loops that keep executions from ending: found, bounded, and explored completely up to the bound.
#include "checker/explore/endless_loop.h"

#include <doctest/doctest.h>

#include "raddle/raddle.h"

using namespace raddle;  // NOLINT: as a model would
using namespace std::chrono_literals;

namespace {

Options bounded(int rounds, Strategy strategy = Strategy::exhaustive) {
  Options o;
  o.all = true;
  o.loop_bound = rounds;
  o.strategy = strategy;
  o.max_steps = 400;
  return o;
}

/// `pollers` threads look at a flag until it is set, and do something in between.
template <class F>
auto polling(int pollers, const F& between) {
  return [=] {
    atomic<bool> flag(false);
    variable<int> x(0);
    std::vector<thread> threads;
    for (int i = 0; i < pollers; ++i)
      threads.emplace_back([&] {
        while (!flag.load()) between(x);
      });
    flag.store(true);
    for (thread& t : threads) t.join();
  };
}

const auto nothing = [](variable<int>&) {};

}  // namespace

TEST_CASE("a thread that polls: one class for each number of rounds") {
  for (int k = 1; k <= 5; ++k) {
    const Result r = check(polling(1, nothing), bounded(k));
    CHECK(r.coverage == "bounded");
    CHECK(r.reason == "loop-bound");
    CHECK(r.executions == static_cast<std::uint64_t>(k) + 1);
    CHECK(r.truncated == 1);
    CHECK(r.deadlocks == 0);
  }
}

TEST_CASE("two threads that poll") {
  for (std::uint64_t k = 1; k <= 3; ++k)
    CHECK(check(polling(2, nothing), bounded(static_cast<int>(k))).executions == (k + 1) * (k + 1));
}

TEST_CASE("two threads that poll and write to the same place between: counts of an independent model") {
  const std::uint64_t classes[] = {5, 19, 69}, cut[] = {4, 14, 50};
  for (int k = 1; k <= 3; ++k) {
    const Result r = check(polling(2, [](variable<int>& x) { x.store(1); }), bounded(k));
    CHECK(r.executions == classes[k - 1]);
    CHECK(r.truncated == cut[k - 1]);
    CHECK(r.blocked == 0);
  }
}

TEST_CASE("what is left by the bound is explored exactly: brute force finds the same classes") {
  mutex* m = nullptr;
  auto contended = [&m](int n) {
    return [&m, n] {
      mutex lock;
      m = &lock;
      atomic<int> turn(0);
      variable<int> x(0);
      std::vector<thread> threads;
      for (int i = 0; i < n; ++i)
        threads.emplace_back([&, i] {
          while (turn.load() != i) {  // each waits for its turn, and looks busy
            lock_guard guard(lock);
            x.load();
          }
          x.store(i);
          turn.store(i + 1);
        });
      for (thread& t : threads) t.join();
    };
  };
  for (int k = 1; k <= 2; ++k) {
    const Result optimal = check(contended(2), bounded(k)),
                 source = check(contended(2), bounded(k, Strategy::source)),
                 brute = check(contended(2), bounded(k, Strategy::brute));
    CHECK(optimal.coverage == "bounded");
    CHECK(brute.coverage == "bounded");
    CHECK(optimal.blocked == 0);
    CHECK(optimal.executions == optimal.classes);
    CHECK(optimal.classes == brute.classes);
    CHECK(optimal.checksum == brute.checksum);
    CHECK(source.classes == brute.classes);
    CHECK(source.checksum == brute.checksum);
    CHECK(optimal.truncated == brute.truncated);
  }
}

TEST_CASE("loops that end by themselves are not bounded, however the threads run") {
  auto program = [] {
    variable<int> x(0);
    auto f = [&] {
      for (int i = 0; i < 3; ++i) x.load();
    };
    thread a(f);
    counting_semaphore<> items(0);
    thread consumer([&] {
      for (int i = 0; i < 3; ++i) items.acquire();
    });
    for (int i = 0; i < 3; ++i) items.release();
    a.join();
    consumer.join();
  };
  const Result free = check(program, bounded(0)), tight = check(program, bounded(1));
  CHECK(free.coverage == "complete");
  CHECK(tight.coverage == "complete");
  CHECK(free.executions == tight.executions);
}

TEST_CASE("the bound grows as long as it cuts something") {
  // Ends as soon as the other thread has come three times.
  auto program = [] {
    atomic<int> x(0);
    thread t([&] {
      for (int i = 0; i < 3; ++i) x.fetch_add(1);
    });
    while (x.load() < 3) {
    }
    t.join();
  };
  const Result r = check(program, bounded(0));
  CHECK(r.coverage == "bounded");
  CHECK(r.executions == check(program, bounded(16)).executions);
  CHECK(r.text.find("bounded(16)") != std::string::npos);
  // An error in the first round of searches ends it.
  auto failing = [] {
    atomic<bool> x(false);
    thread t([&] { x.store(true); });
    int rounds = 0;
    while (!x.load()) ++rounds;
    require(rounds < 6, "too many rounds");
    t.join();
  };
  Options o = bounded(0);
  o.all = false;
  CHECK(check(failing, bounded(4)).find("assertion") == nullptr);
  const Result found = check(failing, o);
  REQUIRE(found.find("assertion"));
  CHECK(found.executions <= 9);  // with the bound 8
}

TEST_CASE("threads that keep one another going while a third could end it") {
  auto program = [] {
    counting_semaphore<> ping(1), pong(0);
    atomic<bool> done(false);
    auto player = [&](counting_semaphore<>& mine, counting_semaphore<>& other) {
      while (!done.load()) {
        mine.acquire();
        other.release();
      }
      other.release();
    };
    thread a([&] { player(ping, pong); });
    thread b([&] { player(pong, ping); });
    done.store(true);
    a.join();
    b.join();
  };
  const Result r = check(program, bounded(2));
  CHECK(r.coverage == "bounded");
  CHECK(r.deadlocks == 0);
  CHECK(r.executions == check(program, bounded(2, Strategy::source)).classes);
}

TEST_CASE("what is stuck behind a cut thread is no deadlock; a real one still is") {
  auto program = [](bool lose) {
    return [lose] {
      atomic<bool> flag(false);
      counting_semaphore<> s(0);
      thread waiter([&] { s.acquire(); });
      thread poller([&] {
        while (!flag.load()) {
        }
        if (!lose) s.release();
      });
      flag.store(true);
      waiter.join();
      poller.join();
    };
  };
  const Result fine = check(program(false), bounded(2));
  CHECK(fine.deadlocks == 0);
  CHECK(fine.truncated == 1);
  CHECK_FALSE(fine.find("deadlock"));
  const Result stuck = check(program(true), bounded(2));
  CHECK(stuck.truncated == 1);
  CHECK(stuck.deadlocks == stuck.executions - 1);
}

TEST_CASE("a retry loop over a lock with a timeout") {
  auto program = [] {
    timed_mutex m;
    thread t([&] {
      while (!m.try_lock_for(1ms)) {
      }
      m.unlock();
    });
    m.lock();
    m.unlock();
    t.join();
  };
  const Result r = check(program, bounded(2));
  CHECK(r.coverage == "bounded");
  CHECK(r.classes == check(program, bounded(2, Strategy::brute)).classes);
}
