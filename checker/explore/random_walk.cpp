#include "checker/explore/random_walk.h"

#include "checker/explore/endless_loop.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

RandomWalk::RandomWalk(Inspector& inspector, std::uint64_t seed) : inspector_(inspector), seed_(seed) {
  inspector_.count_classes(true);
}

void RandomWalk::restart(Engine&) {
  inspector_.restart();
  run_ = 0;
}

bool RandomWalk::begin(Engine&) {
  if (!inspector_.may_continue()) return false;
  inspector_.rewind(0);
  rng_ = Rng(seed_, run_++);
  return true;
}

Decision RandomWalk::pick(Engine& e, Tid) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  return pick_event(e);
}

// Apart from the above, which then needs no registers of its callers.
[[gnu::noinline]] Decision RandomWalk::pick_event(Engine& e) {
  enabled_.clear();
  for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
  if (enabled_.empty()) return kStop;
  const auto n = static_cast<std::uint32_t>(enabled_.size());
  const Decision chosen = enabled_.begin()[n == 1 ? 0 : rng_.below(n)];
  inspector_.commit(e, chosen.tid, chosen.alt);
  return chosen;
}

void RandomWalk::end(Engine& e, Outcome o) {
  if (o == Outcome::Truncated && bound_endless_loop(e, inspector_.history())) return;
  inspector_.end(e, o);
  // Exhaustive searches see elsewhere what follows when somebody who waits looks again. Here it is just missing.
  if (e.stopped_polling() && !inspector_.observed(detect::Kind::Hang)) inspector_.count_truncated();
}

}  // namespace raddle::explore
