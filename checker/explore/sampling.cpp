#include "checker/explore/sampling.h"

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

Sampling::Sampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed)
    : inspector_(inspector), wanted_(sampler), seed_(seed) {
  inspector_.count_classes(true);
}

void Sampling::restart(Engine&) {
  inspector_.restart();
  run_ = 0;
}

bool Sampling::begin(Engine&) {
  if (!inspector_.may_continue()) return false;
  inspector_.rewind(0);
  rng_ = Rng(seed_, run_);
  if (run_ % Sampler::kBlock == 0) wanted_.begin_block();
  sampler_ = run_ == 0 ? &first_ : &wanted_;
  ++run_;
  sampler_->begin(profile_, rng_);
  return true;
}

Decision Sampling::pick(Engine& e, Tid) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  return pick_event(e);
}

// Apart from the above, which then needs no registers of its callers.
[[gnu::noinline]] Decision Sampling::pick_event(Engine& e) {
  enabled_.clear();
  for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
  if (enabled_.empty()) return kStop;
  const Decision chosen = sampler_->choose(e, {enabled_.begin(), enabled_.size()}, rng_);
  inspector_.commit(e, chosen.tid, chosen.alt);
  return chosen;
}

void Sampling::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, inspector_.history())) return;
  if (run_ == 1) profile_ = Profile(inspector_.history());
  sampler_->end();
  inspector_.end(e, o);
  // Exhaustive searches see elsewhere what follows when somebody who waits looks again. Here it is just missing.
  if (e.stopped_polling() && !inspector_.observed(detect::Kind::Hang)) inspector_.count_truncated();
}

}  // namespace raddle::explore
