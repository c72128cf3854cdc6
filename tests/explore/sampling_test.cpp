#include "checker/explore/sampling.h"

#include <map>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "checker/explore/checker.h"
#include "checker/explore/portfolio.h"
#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;

namespace {

/// The class fingerprints of the runs, in order.
struct Recorded : Sampling {
  Recorded(Inspector& i, Sampler& sampler, std::uint64_t seed) : Sampling(i, sampler, seed), inspector(i) {}
  void end(Engine& e, engine::Outcome o) override {
    Sampling::end(e, o);
    classes.push_back(inspector.class_fingerprint());
  }
  Inspector& inspector;
  std::vector<std::uint64_t> classes;
};

template <class S, class F>
std::vector<std::uint64_t> sample(S sampler, const F& program, std::uint64_t seed, std::uint64_t runs) {
  Engine e;
  Inspector i;
  i.set_limits({.executions = runs});
  Recorded r(i, sampler, seed);
  test::Model<F> model(program);
  e.run(r, model);
  CHECK(i.statistics().executions == runs);
  CHECK(i.statistics().stop == StopReason::Executions);
  CHECK(i.statistics().classes == std::set<std::uint64_t>(r.classes.begin(), r.classes.end()).size());
  return r.classes;
}

template <class F>
std::vector<std::uint64_t> walk(const F& program, std::uint64_t seed, std::uint64_t runs) {
  return sample(RandomWalk(), program, seed, runs);
}

}  // namespace

TEST_CASE("a run is a function of the seed and its number") {
  const auto program = programs::counter(3, 2);
  const auto ten = walk(program, 1, 10), hundred = walk(program, 1, 100), other = walk(program, 2, 100);
  CHECK(std::vector(hundred.begin(), hundred.begin() + 10) == ten);
  CHECK(other != hundred);
  CHECK(walk(program, 1, 100) == hundred);
}

TEST_CASE("no class is out of reach") {
  const auto program = programs::counter(2, 2);
  const auto classes = walk(program, 3, 3000);
  CHECK(std::set<std::uint64_t>(classes.begin(), classes.end()).size() == 34);
}

TEST_CASE("every enabled transition is equally likely") {
  std::map<int, int> threads, values;
  walk(
      [&] {
        int first = 0;
        variable<int> x;
        auto f = [&](int me) {
          return [&, me] {
            x.store(me);
            if (!first) first = me;
          };
        };
        thread a(f(1)), b(f(2)), c(f(3));
        a.join();
        b.join();
        c.join();
        ++threads[first];
        ++values[choose(4)];
      },
      11, 6000);
  for (int t : {1, 2, 3}) {
    CHECK(threads[t] > 1850);
    CHECK(threads[t] < 2150);
  }
  for (int v : {0, 1, 2, 3}) {
    CHECK(values[v] > 1370);
    CHECK(values[v] < 1630);
  }
}

TEST_CASE("when something hidden is revealed, the runs start anew from the first") {
  auto program = [](bool ask) {
    return [ask] {
      variable<int> x;
      thread t([&] { x.store(1); });
      const thread::id id = t.get_id();  // before it is joined
      thread u([&, id, ask] {
        if (x.load() == 1 && ask) engine::is_alive(*Engine::current(), id, {});
      });
      t.join();
      u.join();
    };
  };
  Engine e;
  Inspector i;
  i.set_limits({.executions = 50});
  RandomWalk walk;
  Recorded w(i, walk, 4);
  auto asking = program(true);
  test::Model<decltype(asking)> model(asking);
  e.run(w, model);
  CHECK(e.revealed() == static_cast<std::uint8_t>(engine::Hidden::ThreadEnds));
  CHECK(i.statistics().executions == 50);

  // The same runs as those of a search that has it revealed from the start.
  Engine f;
  f.set_revealed(e.revealed());
  Inspector j;
  j.set_limits({.executions = 50});
  Recorded again(j, walk, 4);
  f.run(again, model);
  CHECK(std::vector(w.classes.end() - 50, w.classes.end()) == again.classes);
}

TEST_CASE("random numbers are below their bound, and all of them occur") {
  for (std::uint32_t n : {1u, 2u, 3u, 10u, 1000u}) {
    Rng rng(1, n);
    std::vector<int> seen(n);
    for (std::uint32_t k = 0; k < 50 * n; ++k) {
      const std::uint32_t r = rng.below(n);
      REQUIRE(r < n);
      ++seen[r];
    }
    for (int count : seen) CHECK(count > 0);
  }
}

TEST_CASE("neighbouring runs and seeds have unrelated numbers") {
  std::set<std::uint32_t> first;
  for (std::uint64_t seed = 0; seed < 50; ++seed)
    for (std::uint64_t run = 0; run < 50; ++run) first.insert(Rng(seed, run)());
  CHECK(first.size() > 2490);  // a collision or two are chance
  Rng a(7, 3), b(7, 3);
  for (int k = 0; k < 100; ++k) CHECK(a() == b());
}

// Of 2,000 runs each; how many a prototype of the same algorithms met. Chance moves them by a few.
TEST_CASE("samplers meet as many classes as is to be expected") {
  struct Row {
    const char* program;
    std::uint64_t all, walk, pct2, pct3, pos, urw;
  };
  const auto check = [](const Row& row, const auto& program) {
    CAPTURE(row.program);
    const auto distinct = [&](const auto& sampler) {
      const auto classes = sample(sampler, program, 1, 2000);
      return std::set<std::uint64_t>(classes.begin(), classes.end()).size();
    };
    const auto near = [&](std::uint64_t met, std::uint64_t expected) {
      CHECK(met <= row.all);
      CHECK(static_cast<double>(met) >= 0.93 * static_cast<double>(expected) - 3);
    };
    near(distinct(RandomWalk()), row.walk);
    near(distinct(Pct(2)), row.pct2);
    near(distinct(Pct(3)), row.pct3);
    near(distinct(Pos()), row.pos);
    near(distinct(Urw(false)), row.urw);
  };
  check({"increments(2,3)", 328, 311, 12, 56, 315, 325}, programs::counter(2, 3));
  check({"increments(4,1)", 576, 539, 96, 260, 522, 493}, programs::counter(4, 1));
  check({"lastzero(6)", 144, 91, 139, 132, 134, 62}, programs::lastzero(6));
  check({"philosophers(5)", 31, 25, 31, 31, 31, 21}, programs::philosophers(5, false));
}

TEST_CASE("a sampled run does not depend on those before it") {
  const auto program = programs::counter(3, 2);
  const auto classes = [&](const auto& sampler) { return sample(sampler, program, 5, 40); };
  CHECK(classes(Portfolio()) == classes(Portfolio()));
  CHECK(classes(Pos()) == classes(Pos()));
  CHECK(classes(Pct(3)) != classes(Pct(2)));
}

TEST_CASE("who polls does not keep the others from what it waits for") {
  auto program = [] {
    atomic<int> flag, shared, own;
    thread poller([&] {
      while (flag.load() == 0) {
      }
      shared.store(1);
    });
    thread worker([&] {
      for (int i = 0; i < 40; ++i) own.store(i);
      shared.store(2);
      flag.store(1);
    });
    poller.join();
    worker.join();
  };
  for (const StrategyKind strategy : kStrategies) {
    if (!is_sampling(strategy)) continue;
    CAPTURE(name(strategy));
    CheckOptions o;
    o.strategy = strategy;
    o.limits.executions = 1000;
    o.max_steps = 2000;
    Engine e;
    test::Model<decltype(program)> model(program);
    const CheckReport report = check(e, model, o);
    CHECK(report.statistics.executions == 1000);
    CHECK(report.statistics.discarded == 0);  // nothing has made it begin again with bounds for loops
    CHECK(report.statistics.truncated == 0);
  }
}
