// Sampling in several processes executes the runs of one process, and reports the same.
#include "checker/explore/parallel_sampling.h"

#include <cstring>

#include <doctest/doctest.h>

#include "checker/engine/error.h"
#include "checker/explore/checker.h"
#include "checker/explore/portfolio.h"
#include "raddle/raddle.h"
#include "tests/support/fuzz_rows.h"
#include "tests/support/programs.h"
#include "tests/support/same_search.h"

using namespace raddle;
using namespace raddle::explore;
using test::check_same;
using test::check_with;

namespace {

/// With 1 and with 3 processes, of which some are killed.
template <class F>
CheckReport check_jobs(const F& program, const CheckOptions& o, int victims = 0) {
  const CheckReport alone = check_with(program, o, 1);
  const CheckReport together = check_with(program, o, 3, victims);
  check_same(alone, together);
  CHECK(alone.statistics.discarded == together.statistics.discarded);
  return alone;
}

/// Which threads there are depends on who was first, so that processes meet them in different orders.
auto unsteady_family() {
  return [] {
    variable<int> x, y;
    mutex m;
    condition_variable c;
    const auto child = [&](int i) {
      return [&, i] {
        x.store(y.load() + i);
        y.store(x.load());
        lock_guard guard(m);
        c.notify_one();
      };
    };
    programs::threads(4, [&](int i) {
      const int seen = x.load();
      x.store(i + 1);
      if (seen % 2 == 0) return;
      thread a(child(i)), b(child(i + 1));
      {
        unique_lock lock(m);
        if (y.load() == 0) c.wait(lock);
      }
      a.join();
      b.join();
    });
  };
}

/// Wrong in one run of 6,400, or so.
auto rare_choice() {
  return [] {
    variable<int> x;
    thread t([&] { x.store(choose(80) * 80 + choose(80)); });
    thread u([&] { x.load(); });
    t.join();
    u.join();
    require(x.load() != 47 * 80 + 17);
  };
}

/// That what is written depends on what was read shows only in a comparison of two rare runs.
auto rare_proof() {
  return [] {
    variable<int> x;
    thread a([&] {
      const int seen = x.load();
      if (seen == 5 || seen == 6) x.store(seen + 2);
    });
    thread b([&] { x.store(choose(500)); });
    thread c([&] { x.store(9); });
    a.join();
    b.join();
    c.join();
  };
}

template <class F>
void for_each_sampling(const F& f) {
  for (const StrategyKind strategy : kStrategies) {
    if (!is_sampling(strategy)) continue;
    CAPTURE(name(strategy));
    CheckOptions o;
    o.strategy = strategy;
    o.seed = 3;
    f(o);
  }
}

}  // namespace

TEST_CASE("as many processes as one likes sample the same") {
  for_each_sampling([](CheckOptions o) {
    o.limits.executions = 1500;  // no multiple of a block
    CHECK(check_jobs(programs::counter(3, 2), o).statistics.executions == 1500);
    check_jobs(programs::condition_buffer(2, 2, 1, true), o);
    check_jobs(programs::philosophers(5, false), o);
    const CheckReport family = check_jobs(unsteady_family(), o);
    CHECK(family.statistics.classes > 20);
    CHECK(family.statistics.deadlocks > 0);
  });
}

TEST_CASE("the first error ends the search where it would have ended in one process") {
  for_each_sampling([](CheckOptions o) {
    o.limits.executions = 20000;
    o.limits.first_finding = true;
    // Whoever finds it, it is that of the lowest run, some blocks behind the first.
    const CheckReport r = check_jobs(rare_choice(), o);
    CHECK(r.statistics.stop == StopReason::FirstFinding);
    CHECK(r.statistics.executions > Sampler::kBlock);
    REQUIRE(r.findings.size() == 1);
    CHECK(r.findings[0].first_execution == r.statistics.executions);
  });
}

TEST_CASE("an error that is proven by executions of different blocks is found where it is proven") {
  CheckOptions o;
  o.strategy = StrategyKind::Random;
  o.limits.executions = 50000;
  o.limits.first_finding = true;
  for (o.seed = 1; o.seed <= 4; ++o.seed) {
    CAPTURE(o.seed);
    const CheckReport r = check_jobs(rare_proof(), o);
    CHECK(r.statistics.stop == StopReason::FirstFinding);
    CHECK(r.statistics.executions > Sampler::kBlock);
    CHECK(r.findings.at(0).finding.kind == "lost-update");
  }
}

TEST_CASE("what makes the search begin again does so where it would have in one process") {
  const auto asking = [] {
    variable<int> x;
    thread t([&] { x.store(choose(1500)); });
    const thread::id id = t.get_id();
    thread u([&] {
      if (x.load() == 11) engine::is_alive(*engine::Engine::current(), id, {});
    });
    t.join();
    u.join();
  };
  const auto polling = [] {  // for ever, once somebody has begun to
    atomic<int> x, y;
    thread t([&] { x.store(choose(1500)); });
    thread u([&] {
      if (x.load() != 11) return;
      while (y.load() == 0) {
      }
    });
    t.join();
    u.join();
  };
  CheckOptions o;
  o.limits.executions = 12000;
  o.max_steps = 1000;
  for (const StrategyKind strategy : {StrategyKind::Random, StrategyKind::Rff}) {
    o.strategy = strategy;
    const CheckReport asked = check_jobs(asking, o), polled = check_jobs(polling, o);
    CHECK(asked.revealed == static_cast<std::uint8_t>(engine::Hidden::ThreadEnds));
    CHECK(asked.statistics.discarded > Sampler::kBlock);
    CHECK(polled.bounded.size() == 1);
    CHECK(polled.statistics.discarded > Sampler::kBlock);
  }
}

TEST_CASE("sampling workers that are killed lose nothing") {
  for_each_sampling([](CheckOptions o) {
    o.limits.executions = 2000;
    check_jobs(unsteady_family(), o, 5);
    o.limits.first_finding = true;
    check_jobs(programs::counter(2, 3), o);
  });
}

namespace {

template <class F>
CheckReport merged(const F& program, const CheckOptions& o, const std::vector<CheckReport>& parts) {
  engine::Engine e;
  test::Model<F> model(program);
  std::vector<ShardState> states;
  for (const CheckReport& part : parts)
    states.push_back({"shard " + std::to_string(states.size() + 1), part.state});
  return merge(e, model, o, states);
}

/// Some of them in several processes, of which some are killed. They learn from each other, if merge asks for that.
template <class F>
void check_shards(const F& program, const CheckOptions& o, const CheckReport& whole) {
  for (const std::uint64_t n : {2u, 5u}) {
    CAPTURE(n);
    std::vector<CheckReport> parts;
    CheckOptions shard = o;
    for (std::uint64_t i = 1; i <= n; ++i) {
      shard.shard = {i, n};
      parts.push_back(check_with(program, shard, i % 2 ? 1 : 3, i % 2 || n > 2 ? 0 : 1));
    }
    for (int attempts = 10;; --attempts) {
      try {
        check_same(merged(program, o, parts), whole);
        break;
      } catch (const engine::UserError& error) {
        REQUIRE(attempts > 0);
        const std::string text = error.what();
        const auto number = [&](const char* word) {
          return std::stoul(text.substr(text.find(word) + std::strlen(word)));
        };
        shard.shard = {number("Explore shard "), n};
        shard.knowing = parts[number("shard ") - 1].state;
        parts[shard.shard.index - 1] = check_with(program, shard, 1);
      }
    }
  }
}

/// Keeps every state; one is due each time somebody asks.
class States : public Keeper {
 public:
  bool due() override { return true; }
  void keep(const std::string& state) override { all.push_back(state); }
  std::vector<std::string> all;
};

/// From a few of the states that were kept, the search goes on to the same end.
template <class F>
void check_resumed(const F& program, const CheckOptions& o, const CheckReport& whole, std::size_t jobs) {
  States states;
  CheckOptions keeping = o;
  keeping.keeper = &states;
  check_same(check_with(program, keeping, jobs), whole);
  REQUIRE(!states.all.empty());
  const std::size_t step = states.all.size() / 4 + 1;
  CheckOptions going_on = o;
  for (std::size_t i = 0; i < states.all.size(); i += step) {
    CAPTURE(i);
    going_on.resume = states.all[i];
    check_same(check_with(program, going_on, i % 2 ? 1 : 3), whole);
  }
  going_on.resume = states.all.back();
  check_same(check_with(program, going_on, 1), whole);
}

}  // namespace

TEST_CASE("shards of a sample, put together, are the sample") {
  for_each_sampling([](CheckOptions o) {
    o.limits.executions = 1500;
    const auto check = [&o](const auto& program) { check_shards(program, o, check_with(program, o, 1)); };
    check(programs::philosophers(5, false));
    check(unsteady_family());
    if (o.strategy != StrategyKind::Sample && o.strategy != StrategyKind::Rff) return;
    o.limits.executions = 20000;
    o.limits.first_finding = true;
    check(rare_choice());
  });
}

TEST_CASE("an error that is proven by several shards is found where the whole sample proves it") {
  CheckOptions o;
  o.strategy = StrategyKind::Random;
  o.limits.executions = 50000;
  o.limits.first_finding = true;
  for (o.seed = 1; o.seed <= 4; ++o.seed) {
    CAPTURE(o.seed);
    const CheckReport whole = check_with(rare_proof(), o, 1);
    CHECK(whole.findings.at(0).finding.kind == "lost-update");
    check_shards(rare_proof(), o, whole);
  }
}

TEST_CASE("what one shard has not explored is missing, but no error is") {
  CheckOptions o;
  o.strategy = StrategyKind::Random;
  o.limits.executions = 20000;
  o.limits.first_finding = true;
  const CheckReport whole = check_with(rare_choice(), o, 1);
  const std::uint64_t finder = (whole.statistics.executions - 1) / Sampler::kBlock % 2 + 1;
  std::vector<CheckReport> parts;
  for (o.shard = {1, 2}; o.shard.index <= 2; ++o.shard.index) {
    CheckOptions part = o;
    if (o.shard.index != finder) part.limits.seconds = 0;
    parts.push_back(check_with(rare_choice(), part, 1));
  }
  o.shard = {};
  const CheckReport together = merged(rare_choice(), o, parts);
  CHECK(together.statistics.stop == StopReason::FirstFinding);
  CHECK(together.statistics.executions < whole.statistics.executions);
  REQUIRE(together.findings.size() == 1);
  CHECK(together.findings[0].finding == whole.findings[0].finding);
  o.limits.first_finding = false;
  CHECK(merged(rare_choice(), o, parts).statistics.stop == StopReason::Time);
}

TEST_CASE("a sample that was kept goes on to the same end") {
  for_each_sampling([](CheckOptions o) {
    o.limits.executions = 700;
    const auto check = [&o](const auto& program) {
      const CheckReport whole = check_with(program, o, 1);
      check_resumed(program, o, whole, 1);
      check_resumed(program, o, whole, 3);
    };
    check(unsteady_family());
    if (o.strategy != StrategyKind::Pos && o.strategy != StrategyKind::Rff) return;
    o.limits.executions = 20000;
    o.limits.first_finding = true;
    check(rare_choice());
  });
}

TEST_CASE("a damaged state of a sample is refused") {
  States states;
  CheckOptions o;
  o.strategy = StrategyKind::Sample;
  o.limits.executions = 300;
  o.keeper = &states;
  check_with(programs::counter(2, 2), o, 1);
  o.keeper = nullptr;
  const std::string whole = states.all.back();
  for (std::size_t size = 0; size < whole.size(); size += 1 + size / 3) {
    o.resume = whole.substr(0, size);
    if (size) CHECK_THROWS_AS(check_with(programs::counter(2, 2), o, 1), engine::WireError);
  }
}

TEST_CASE("time ends all processes") {
  test::Killer killer(0);
  auto program = programs::counter(3, 3);
  test::DyingModel<decltype(program)> model(program, killer);
  engine::Engine e;
  Inspector inspector;
  inspector.set_limits({.seconds = 0.3});
  Portfolio portfolio;
  ParallelSampling sampling(inspector, portfolio, 1, model, killer, {3, std::chrono::nanoseconds(0)});
  const auto begin = std::chrono::steady_clock::now();
  e.run(sampling, model);
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - begin;
  CHECK(spent.count() < 1.5);
  CHECK(inspector.statistics().stop == StopReason::Time);
  CHECK(inspector.statistics().executions > 1000);
  CHECK(sampling.blocks() > 3);
  CHECK(inspector.statistics().classes <= inspector.statistics().executions);
}

TEST_CASE("random programs, sampled in three processes") {
  const std::uint64_t programs = test::from_environment("RADDLE_FUZZ_PROGRAMS", 2);
  programs::Generator generate(test::from_environment("RADDLE_FUZZ_SEED", 1));
  std::size_t k = 0;
  for (const test::FuzzRow& row : test::kFuzzRows) {
    CAPTURE(row.name);
    for (std::uint64_t n = 0; n < programs; ++n) {
      const programs::RandomProgram p = generate(row.features);
      CAPTURE(p.text());
      CheckOptions o;
      do o.strategy = kStrategies[k++ % std::size(kStrategies)];
      while (!is_sampling(o.strategy));
      CAPTURE(name(o.strategy));
      o.limits.executions = 700;
      o.notify_any = p.notify_any;
      o.minimise = false;
      check_jobs(model(p), o);
    }
  }
}
