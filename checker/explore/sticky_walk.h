// Random walk of a thread that goes on for a while: with a probability that is drawn for each run, who ran last runs again,
// else each enabled transition is equally likely. A plain walk changes threads at nearly every step, and so hardly ever
// meets what takes a few changes at the right places, and long stretches without any between them.
#pragma once
#include "checker/explore/sampler.h"

namespace raddle::explore {

class StickyWalk : public Sampler {
 public:
  void begin(const Profile&, Rng& rng) override {
    latest_ = engine::kNoThread;
    leave_ = 2u << rng.below(3);
  }
  engine::Decision choose(const engine::Engine&, std::span<const engine::Decision> enabled,
                          Rng& rng) override {
    const auto n = static_cast<std::uint32_t>(enabled.size());
    engine::Decision chosen = enabled[n == 1 ? 0 : rng.below(n)];
    if (n > 1 && rng.below(leave_) != 0)
      for (const engine::Decision& d : enabled)
        if (d.tid == latest_ && d.alt != engine::kExpire) {
          chosen = d;
          break;
        }
    latest_ = chosen.tid;
    return chosen;
  }

 private:
  engine::Tid latest_ = engine::kNoThread;
  std::uint32_t leave_ = 2;  // one in so many steps chooses anew
};

}  // namespace raddle::explore
