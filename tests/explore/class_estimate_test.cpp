// Estimates from samples against programs whose numbers of classes are known.
#include "checker/explore/class_estimate.h"

#include <cmath>
#include <map>
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

namespace {

struct Run {
  std::uint64_t print = 0;
  bool draw = false;
};

struct Sampled {
  std::vector<Run> runs;
  ClassCounts counts;  // after the first n of them
  std::uint64_t ordered_pairs = 0, in_both_orders = 0;
};

struct Watched : Sampling {
  Watched(Inspector& i, Sampler& s, std::uint64_t seed, std::size_t first)
      : Sampling(i, s, seed), inspector(i), sampler(s), n(first) {}
  void end(engine::Engine& e, engine::Outcome o) override {
    Sampling::end(e, o);
    found.runs.push_back({inspector.class_fingerprint(), !found.runs.empty() && !sampler.learns()});
    if (found.runs.size() == n) found.counts = classes().counts();
  }
  Inspector& inspector;
  Sampler& sampler;
  std::size_t n;
  Sampled found;
};

template <class S, class F>
Sampled sample(S&& sampler, const F& program, std::uint64_t seed, std::size_t n, std::size_t more) {
  engine::Engine e;
  Inspector inspector;
  inspector.set_limits({.executions = n + more});
  Watched w(inspector, sampler, seed, n);
  test::Model<F> model(program);
  e.run(w, model);
  w.found.ordered_pairs = w.pairs().size();
  w.found.in_both_orders = w.pairs().in_both_orders();
  return w.found;
}

struct Mean {
  double sum = 0, squares = 0, n = 0;
  void add(double x) { sum += x, squares += x * x, ++n; }
  double value() const { return sum / n; }
  double error() const { return std::sqrt(std::max(0.0, squares / n - value() * value()) / n); }
};

/// Over 60 seeds. `classes`: how many the program has (docs/golden.md).
template <class S, class F>
void check_estimates(const F& program, double classes, std::size_t n) {
  constexpr std::size_t kMore = 200;
  Mean least, estimated, actual;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const Sampled w = sample(S(), program, seed, n, kMore);
    std::set<std::uint64_t> met;
    for (std::size_t i = 0; i < n; ++i) met.insert(w.runs[i].print);
    double fresh = 0, draws = 0;
    for (std::size_t i = n; i < w.runs.size(); ++i) {
      draws += w.runs[i].draw;
      fresh += w.runs[i].draw && !met.contains(w.runs[i].print);
    }
    estimated.add(new_class_probability(w.counts));
    actual.add(fresh / draws);
    least.add(least_classes(w.counts));
    CHECK(least_classes(w.counts) >= static_cast<double>(w.counts.classes));
  }
  CAPTURE(n);
  CAPTURE(least.error());
  // A lower bound in the mean: within what chance does to a mean of 60.
  CHECK(least.value() <= classes + 3 * least.error());
  // Calibrated: within one in a hundred, and 5 % of the value.
  CHECK(std::abs(estimated.value() - actual.value()) <= 0.01 + 0.05 * actual.value());
}

template <class S>
void check_programs() {
  check_estimates<S>(programs::counter(2, 3), 328, 100);
  check_estimates<S>(programs::counter(2, 3), 328, 400);
  check_estimates<S>(programs::counter(4, 1), 576, 300);
  check_estimates<S>(programs::lastzero(6), 144, 100);
  check_estimates<S>(programs::philosophers(5, false), 31, 40);
  check_estimates<S>(programs::condition_buffer(2, 2, 1, true), 80, 60);
}

}  // namespace

TEST_CASE("estimates are a lower bound and calibrated: random walk") { check_programs<RandomWalk>(); }
TEST_CASE("estimates are a lower bound and calibrated: partial order sampling") { check_programs<Pos>(); }
// Of whose runs 3 of 10 learn, and are no basis; but they meet classes, which are then not new.
TEST_CASE("estimates are a lower bound and calibrated: portfolio") { check_programs<Portfolio>(); }

TEST_CASE("a sample counts what was met once and twice") {
  const Sampled w = sample(Portfolio(), programs::counter(2, 3), 7, 500, 0);
  std::map<std::uint64_t, std::pair<int, int>> met;  // by draws, and by others
  std::uint64_t draws = 0;
  for (const Run& r : w.runs) {
    ++(r.draw ? met[r.print].first : met[r.print].second);
    draws += r.draw;
  }
  std::uint64_t classes = 0, once = 0, twice = 0, once_at_all = 0;
  for (const auto& [print, times] : met) {
    classes += times.first > 0;
    once += times.first == 1;
    twice += times.first == 2;
    once_at_all += times.first == 1 && times.second == 0;
  }
  CHECK(draws > 300);
  CHECK(draws < 400);
  CHECK(w.counts.draws == draws);
  CHECK(w.counts.classes == classes);
  CHECK(w.counts.once == once);
  CHECK(w.counts.twice == twice);
  CHECK(w.counts.once_at_all == once_at_all);
  CHECK(once_at_all < once);

  CHECK(sample(Rff(), programs::counter(2, 3), 7, 500, 0).counts.draws == 0);
}

TEST_CASE("the estimates are those of the papers") {
  const ClassCounts counts{.draws = 100, .classes = 20, .once = 6, .twice = 4, .once_at_all = 5};
  CHECK(new_class_probability(counts) == doctest::Approx(0.05));
  CHECK(least_classes(counts) == doctest::Approx(20 + 0.99 * 6 * 5 / (2 * 5)));
}

TEST_CASE("pairs of accesses in an order") {
  const auto pairs = [](const auto& program) {
    const Sampled w = sample(RandomWalk(), program, 1, 100, 0);
    return std::pair(w.ordered_pairs, w.in_both_orders);
  };
  using Found = std::pair<std::uint64_t, std::uint64_t>;
  // (Outside of macros, where each place has a line of its own.)
  const auto free = [] {
    variable<int> x, y;
    thread a([&] { x.store(1); });
    thread b([&] { x.load(), y.load(); });
    a.join();
    b.join();
  };
  const auto ordered = [] {  // one of the two orders cannot be
    variable<int> x;
    thread a([&] { x.store(1); });
    a.join();
    thread b([&] { x.load(); });
    b.join();
  };
  const auto between = [] {  // a read before, between and behind two writes
    variable<int> x;
    thread a([&] {
      x.store(1);
      x.store(2);
    });
    thread b([&] { x.load(); });
    a.join();
    b.join();
  };
  CHECK(pairs(free) == Found(2, 1));
  CHECK(pairs(ordered) == Found(1, 0));
  CHECK(pairs(between) == Found(4, 2));
}
