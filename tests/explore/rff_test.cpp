#include "checker/explore/rff.h"

#include <algorithm>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "checker/explore/portfolio.h"
#include "checker/explore/sampling.h"
#include "raddle/raddle.h"
#include "tests/support/programs.h"
#include "tests/support/search.h"

using namespace raddle;
using namespace raddle::explore;
using engine::Engine;

namespace {

template <class F>
Result sample(const F& program, Strategy strategy, std::uint64_t seed, std::uint64_t runs) {
  Options o;
  o.strategy = strategy;
  o.seed = seed;
  o.runs = runs;
  return check(program, o);
}

/// How many executions it takes until something is found, median of five seeds.
template <class F>
std::uint64_t median(const F& program, Strategy strategy) {
  std::vector<std::uint64_t> executions;
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    executions.push_back(sample(program, strategy, seed, 10'000).executions);
  std::nth_element(executions.begin(), executions.begin() + 2, executions.end());
  return executions[2];
}

/// 99 writers of two stages, and one reader that must come between all first and all second ones.
void two_stages() {
  mutex first_lock, second_lock;
  variable<int> first, second;
  programs::threads(100, [&](int i) {
    if (i < 99) {
      {
        lock_guard guard(first_lock);
        first.store(1);
      }
      lock_guard guard(second_lock);
      second.store(1);
    } else {
      {
        lock_guard guard(first_lock);
        if (first.load() == 0) return;
      }
      lock_guard guard(second_lock);
      require(second.load() == 1);
    }
  });
}

/// A reader that goes on as long as it meets what one thread has written, and not one of the others.
void gates() {
  constexpr int kGates = 8, kWriters = 8;
  programs::Array<variable<int>> gate(kGates);
  programs::threads(kWriters + 1, [&](int i) {
    if (i < kWriters) {
      for (int k = 0; k < kGates; ++k) {
        if (i == 0)
          gate[k].store(1);
        else
          gate[k].store(2);
      }
    } else {
      for (int k = 0; k < kGates; ++k)
        if (gate[k].load() != 1) return;
      require(false);
    }
  });
}

/// Random walks in the first block, then another sampler.
template <class S>
struct LaterBlocks : Sampler {
  explicit LaterBlocks(int first) : first_block(first) {}
  void begin_block() override {
    ++block;
    if (block >= first_block) later.begin_block();
  }
  void begin(const Profile& p, Rng& rng) override { current().begin(p, rng); }
  engine::Decision choose(const Engine& e, std::span<const engine::Decision> enabled, Rng& rng) override {
    return current().choose(e, enabled, rng);
  }
  void end() override { current().end(); }
  Sampler& current() { return block >= first_block ? static_cast<Sampler&>(later) : walk; }

  int first_block, block = -1;
  RandomWalk walk;
  S later;
};

/// The classes of the runs of each block.
template <class F>
std::vector<std::vector<std::uint64_t>> blocks(Sampler& sampler, const F& program, std::uint64_t n) {
  struct Recorded : Sampling {
    Recorded(Inspector& i, Sampler& s) : Sampling(i, s, 3), inspector(i) {}
    void end(Engine& e, engine::Outcome o) override {
      Sampling::end(e, o);
      if (classes.empty() || classes.back().size() == Sampler::kBlock) classes.emplace_back();
      classes.back().push_back(inspector.class_fingerprint());
    }
    Inspector& inspector;
    std::vector<std::vector<std::uint64_t>> classes;
  };
  Engine e;
  Inspector i;
  i.set_limits({.executions = n * Sampler::kBlock});
  Recorded recorded(i, sampler);
  test::Model<F> model(program);
  e.run(recorded, model);
  return recorded.classes;
}

}  // namespace

TEST_CASE("it brings about what no priority of a thread or an event does") {
  const std::uint64_t rff = median(two_stages, Strategy::rff), pos = median(two_stages, Strategy::pos);
  CHECK(rff <= 56);  // published: 56
  CHECK(4 * rff < pos);
}

TEST_CASE("what leads to something new is built upon") {
  const std::uint64_t rff = median(gates, Strategy::rff), pos = median(gates, Strategy::pos);
  CHECK(20 * rff < pos);
}

TEST_CASE("a block does not depend on those before it") {
  const auto program = programs::counter(3, 2);
  Rff rff;
  const auto all = blocks(rff, program, 3);
  for (int first : {1, 2}) {
    LaterBlocks<Rff> later(first);
    const auto some = blocks(later, program, 3);
    CHECK(some[0] != all[0]);
    CHECK(some[2] == all[2]);
    CHECK((some[1] == all[1]) == (first == 1));
  }
  Portfolio portfolio;
  LaterBlocks<Portfolio> later(2);
  CHECK(blocks(portfolio, program, 3)[2] == blocks(later, program, 3)[2]);
}

TEST_CASE("within a block runs depend on what was learnt") {
  // The same runs without the feedback: every run begins a block.
  struct Forgetful : Rff {
    void begin(const Profile& p, Rng& rng) override {
      begin_block();
      Rff::begin(p, rng);
    }
  };
  const auto program = programs::counter(3, 2);
  Rff rff;
  Forgetful forgetful;
  CHECK(blocks(rff, program, 1) != blocks(forgetful, program, 1));
}

TEST_CASE("no class is out of reach of constraints") {
  Rff rff;
  std::set<std::uint64_t> classes;
  for (const auto& block : blocks(rff, programs::counter(2, 2), 12))
    classes.insert(block.begin(), block.end());
  CHECK(classes.size() == 34);
}

TEST_CASE("who is held back is let go when others only wait for it") {
  const auto program = [] {
    atomic<int> turn, value;
    thread a([&] {
      value.load();
      turn.store(1);
      value.store(1);
    });
    thread b([&] {
      while (turn.load() != 1) {
      }
      value.store(2);
      turn.store(2);
    });
    while (turn.load() != 2) {
    }
    a.join();
    b.join();
  };
  const Result r = sample(program, Strategy::rff, 0, 2000);
  CHECK(r.verdict == Verdict::clean);
  CHECK(r.truncated == 0);
  CHECK(r.executions == 2000);
}
