// Several samplers in turn. None of them finds everything: partial order sampling is best where many events race, RFF
// where it matters who reads what, PCT where few steps in the right order matter, the walks where none of that holds.
// Three tenths of the runs are RFF, a quarter POS, a fifth random walks, half of them sticky, three twentieths PCT (of
// depth 2 and 3), a tenth URW and SURW.
#pragma once
#include "checker/explore/pct.h"
#include "checker/explore/pos.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/rff.h"
#include "checker/explore/sticky_walk.h"
#include "checker/explore/urw.h"

namespace raddle::explore {

class Portfolio : public Sampler {
 public:
  void begin_block() override { rff_.begin_block(); }
  void begin(const Profile& profile, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override {
    return current_->choose(e, enabled, rng);
  }
  bool learns() const override { return current_->learns(); }
  bool may_learn() const override { return true; }
  void end() override { current_->end(); }

 private:
  RandomWalk walk_;
  StickyWalk sticky_;
  Pos pos_;
  Pct pct2_{2}, pct3_{3};
  Urw urw_{false}, surw_{true};
  Rff rff_;
  Sampler* current_ = nullptr;
};

}  // namespace raddle::explore
