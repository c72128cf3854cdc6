// Uniform random walk (Zhao, Wolff, Mathur, Roychoudhury: Selectively Uniform Concurrency Testing, ASPLOS 2025). A thread
// goes on with a probability in proportion to the number of events that it has left, so that each interleaving is equally
// likely as long as nobody waits: a plain walk prefers those in which short threads end early.
//
// Selectively (SURW): so among the events of one shared object alone, another one in each run. Who is to touch it next is
// drawn in proportion to what is left to do there; until then the others may do anything else. (If it does not come there for
// longer than the first run took, it is not waited for any more: it might be polling for what the others are not to do.)
#pragma once
#include "checker/explore/sampler.h"

namespace raddle::explore {

class Urw : public Sampler {
 public:
  explicit Urw(bool selective) : selective_(selective) {}

  void begin(const Profile& profile, Rng& rng) override;
  engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                          Rng& rng) override;

 private:
  bool touches(const engine::Engine& e, engine::Tid t) const;
  engine::Decision choose_weighted(const engine::Engine& e, std::span<const engine::Decision> enabled,
                                   Rng& rng) const;
  void intend(const engine::Engine& e, Rng& rng);

  bool selective_;
  const Profile* profile_ = nullptr;
  const Profile::Object* object_ = nullptr;  // null: all events count
  std::vector<std::uint32_t> done_;          // there, by thread
  engine::Tid intended_ = engine::kNoThread;
  engine::Step until_ = 0;
  std::vector<engine::Decision> allowed_;
};

}  // namespace raddle::explore
