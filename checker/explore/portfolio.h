// Several samplers in turn. None of them finds everything: partial order sampling is best where many events race, PCT
// where few steps in the right order matter, the walks where neither holds. Half of the runs are POS, a fifth random
// walks, a fifth PCT (of depth 2 and 3), a tenth URW and SURW.
#pragma once
#include "checker/explore/pct.h"
#include "checker/explore/pos.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/urw.h"

namespace raddle::explore {

class Portfolio : public Sampler {
 public:
  void begin(const Profile& profile, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override {
    return current_->choose(e, enabled, rng);
  }

 private:
  RandomWalk walk_;
  Pos pos_;
  Pct pct2_{2}, pct3_{3};
  Urw urw_{false}, surw_{true};
  Sampler* current_ = nullptr;
};

}  // namespace raddle::explore
