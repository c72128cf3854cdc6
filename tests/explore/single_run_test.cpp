// One execution, whose schedule is a function of the seed.
#include "checker/explore/single_run.h"

#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Outcome;

namespace {

template <class F>
SingleRun run(const F& program, std::uint64_t seed) {
  engine::Engine e;
  test::Model<F> model(program);
  return run_once(e, model, {.seed = seed});
}

}  // namespace

TEST_CASE("a program runs once, as its seed says") {
  std::set<std::vector<int>> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<int> first, again;
    for (std::vector<int>* order : {&first, &again}) {
      const SingleRun result = run(
          [order] {
            mutex m;
            programs::threads(3, [&](int i) {
              m.lock();
              order->push_back(i);
              m.unlock();
            });
          },
          seed);
      CHECK(result.outcome == Outcome::Complete);
      CHECK(result.failures.empty());
      CHECK(result.trace.findings.empty());
      CHECK(order->size() == 3);
    }
    CHECK(first == again);
    orders.insert(first);
  }
  CHECK(orders.size() == 6);
}

TEST_CASE("what is hidden at first in a search is visible at once") {
  int runs = 0;
  const SingleRun result = run(
      [&runs] {
        ++runs;
        barrier all(2);
        programs::threads(3, [&](int i) {
          if (i < 2) all.arrive_and_wait();
        });
      },
      1);
  CHECK(result.outcome == Outcome::Complete);
  CHECK(runs == 1);
}

TEST_CASE("a deadlock is described, with the events that led there") {
  std::set<Outcome> outcomes;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const SingleRun result = run(
        [] {
          mutex a, b;
          programs::threads(2, [&](int i) {
            mutex &first = i == 0 ? a : b, &second = i == 0 ? b : a;
            first.lock();
            second.lock();
            second.unlock();
            first.unlock();
          });
        },
        seed);
    outcomes.insert(result.outcome);
    if (result.outcome != Outcome::Deadlock) continue;
    REQUIRE(result.trace.findings.size() == 1);
    CHECK(result.trace.findings.front().kind == "deadlock");
    CHECK(result.trace.findings.front().message.starts_with("Each waits for the next: "));
    CHECK(result.trace.blocked.size() == 3);
    CHECK(result.trace.events.size() >= 2);
  }
  CHECK(outcomes == std::set{Outcome::Complete, Outcome::Deadlock});
}

TEST_CASE("an execution may be long: then a deadlock is described without its events") {
  const SingleRun result = run(
      [] {
        mutex m;
        variable<int> v(0);
        for (int i = 0; i < 60'000; ++i) v.store(v.load() + 1);
        m.lock();
        m.lock();
      },
      0);
  CHECK(result.outcome == Outcome::Deadlock);
  CHECK(result.trace.events.empty());
  CHECK(result.trace.findings.front().message.ends_with("It can never go on."));
}
