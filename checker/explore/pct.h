// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized Scheduler with
// Probabilistic Guarantees of Finding Bugs, ASPLOS 2010). Threads have distinct random priorities, the highest that can
// go on does, and at d - 1 random steps that thread falls below all others. Finds a bug of depth d among n threads and k
// steps with a probability of at least 1 / (n k^(d-1)) in each run, as far as k is not more than estimated.
//
// Whoever just waits for others (sleeps, gives up waiting, tries in vain, or does far more in a row than it has done in
// the first run, as in a polling loop) falls below all others, too: else it would go on for ever.
#pragma once
#include "checker/explore/sampler.h"

namespace raddle::explore {

class Pct : public Sampler {
 public:
  /// `depth` >= 1: of the bugs that are looked for.
  explicit Pct(int depth) : depth_(depth) {}

  void begin(const Profile& profile, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override;

 private:
  bool waits(const engine::Engine& e) const;
  std::int64_t& priority(engine::Tid t, Rng& rng);
  engine::Tid highest(std::span<const engine::Decision> enabled, Rng& rng);

  int depth_;
  engine::Step step_ = 0;
  const Profile* profile_ = nullptr;
  engine::Tid latest_ = engine::kNoThread;
  std::uint32_t in_a_row_ = 0;  // events of that thread
  engine::OpKind latest_kind_ = engine::OpKind::None;
  engine::Alternative latest_alternative_ = 0;
  std::vector<engine::Step> changes_;     // the i-th sets the priority of its thread to depth - i
  std::vector<std::int64_t> priorities_;  // by thread; 0: not drawn yet
  std::int64_t lowest_ = 0;
};

}  // namespace raddle::explore
