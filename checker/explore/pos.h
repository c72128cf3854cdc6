// Partial order sampling (Yuan, Yang, Gu: Partial Order Aware Concurrency Sampling, CAV 2018, algorithm POS). Each
// pending event has a random priority, the highest is executed, and those that race with it get new ones. So the order of
// events that do not race, which makes no difference, does not influence that of those that do.
//
// An event that has been pending for longer than the first run took gets a new priority, too: others may be polling for
// what it does, and nobody races with what is never executed.
#pragma once
#include "checker/explore/sampler.h"

namespace raddle::explore {

class Pos : public Sampler {
 public:
  void begin(const Profile&, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override;

 private:
  /// By thread.
  struct Pending {
    std::uint64_t priority = 0;
    std::uint32_t draws = 0;  // how often a pending event of it has got a new one
    engine::Step until = 0;
    engine::Alternative alt = 0;
    bool known = false;
  };
  std::uint64_t draw(const engine::Engine& e, engine::Decision d, std::uint32_t draws) const;

  std::uint64_t key_ = 0;  // of the run: priorities are drawn by hashing
  engine::Step patience_ = 0;
  std::vector<Pending> pending_;
};

}  // namespace raddle::explore
