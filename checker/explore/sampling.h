// Sampling: one execution after another, each chosen by a Sampler, until a limit is reached. The schedule of run i is a
// function of (seed, i), of the first run, and of the earlier runs of its own block of Sampler::kBlock, as far as the
// sampler learns from them; whatever else was executed in between.
#pragma once
#include "checker/explore/inspector.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/sampler.h"

namespace raddle::explore {

class Sampling : public engine::Strategy {
 public:
  /// The number of runs is the inspector's limit. `sampler` must outlive the strategy.
  Sampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

 private:
  engine::Decision pick_event(engine::Engine&);

  Inspector& inspector_;
  Sampler& wanted_;
  RandomWalk first_;  // the first run is a random walk, always
  Sampler* sampler_ = nullptr;
  std::uint64_t seed_, run_ = 0;
  Profile profile_;
  Rng rng_;
  engine::List<engine::Decision> enabled_;
};

}  // namespace raddle::explore
