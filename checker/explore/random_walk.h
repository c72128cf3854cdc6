// Random walk: at every step each enabled transition is equally likely. The schedule of run i is a function of
// (seed, i) alone.
#pragma once
#include "checker/explore/inspector.h"
#include "checker/explore/rng.h"

namespace raddle::explore {

class RandomWalk : public engine::Strategy {
 public:
  /// The number of runs is the inspector's limit.
  RandomWalk(Inspector& inspector, std::uint64_t seed);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

 private:
  engine::Decision pick_event(engine::Engine&);

  Inspector& inspector_;
  std::uint64_t seed_, run_ = 0;
  Rng rng_;
  engine::List<engine::Decision> enabled_;
};

}  // namespace raddle::explore
