// Random walk: at every step each enabled transition is equally likely.
#pragma once
#include "checker/explore/sampler.h"

namespace raddle::explore {

class RandomWalk : public Sampler {
 public:
  engine::Decision choose(const engine::Engine&, std::span<const engine::Decision> enabled,
                          Rng& rng) override {
    const auto n = static_cast<std::uint32_t>(enabled.size());
    return enabled[n == 1 ? 0 : rng.below(n)];
  }
};

}  // namespace raddle::explore
