// Sampling: one execution after another, each chosen by a Sampler, until a limit is reached. The schedule of run i is a
// function of (seed, i), of the first run, and of the earlier runs of its own block of Sampler::kBlock, as far as the
// sampler learns from them; whatever else was executed in between.
#pragma once
#include "checker/explore/class_sample.h"
#include "checker/explore/inspector.h"
#include "checker/explore/ordered_pairs.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/sampler.h"
#include "checker/explore/thread_order.h"

namespace raddle::explore {

class Sampling : public engine::Strategy {
 public:
  /// The number of runs is the inspector's limit. `sampler` must outlive the strategy.
  Sampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  /// The number of the run that comes next, from 0.
  std::uint64_t next_run() const { return run_; }
  const ClassSample& classes() const { return classes_; }
  const OrderedPairs& pairs() const { return pairs_; }

  // --- for searches in several processes
  /// Goes on with run `run`, the first of its block unless it is the next one. What has been met counts for nothing
  /// here: it is for `save`. Precondition: the first run has been executed.
  void take(std::uint64_t run);
  /// What the runs since `take` have met; and that of others here, which have executed all up to run `next`.
  void save(engine::WireWriter& out) const;
  /// Throws engine::WireError.
  void merge(engine::WireReader& in, std::uint64_t next);

 private:
  /// What one run has met.
  struct Met {
    std::uint64_t print = 0;
    bool draw = false;
  };
  void count_run();
  engine::Tid to_launch(const engine::Engine&);
  engine::Decision pick_event(engine::Engine&);
  void collect_in_order(const engine::Engine&);

  Inspector& inspector_;
  Sampler& wanted_;
  RandomWalk first_;  // the first run is a random walk, always
  Sampler* sampler_ = nullptr;
  std::uint64_t seed_, run_ = 0;
  Profile profile_;
  Rng rng_;
  ThreadOrder order_;
  ClassSample classes_;  // elsewhere_: of the runs since `take`, as pairs_
  OrderedPairs pairs_;
  bool elsewhere_ = false;  // what is met counts in another process
  std::vector<Met> met_;    // for that
  engine::List<engine::Decision> enabled_;
};

}  // namespace raddle::explore
