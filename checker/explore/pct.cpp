#include "checker/explore/pct.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

void Pct::begin(const Profile& profile, Rng& rng) {
  profile_ = &profile;
  step_ = 0;
  latest_ = kNoThread;
  in_a_row_ = 0;
  lowest_ = 0;
  priorities_.clear();
  changes_.clear();
  const auto steps = static_cast<std::uint32_t>(std::max<Step>(profile.events, 1));
  for (int i = 1; i < depth_; ++i) changes_.push_back(static_cast<Step>(rng.below(steps)));
}

// Below those that are drawn are the d - 1 of the change points, and below these those of who waits.
std::int64_t& Pct::priority(Tid t, Rng& rng) {
  const auto i = static_cast<std::size_t>(t);
  if (priorities_.size() <= i) priorities_.resize(i + 1);
  if (priorities_[i] == 0) priorities_[i] = depth_ + 1 + static_cast<std::int64_t>(rng());
  return priorities_[i];
}

Tid Pct::highest(std::span<const Decision> enabled, Rng& rng) {
  Tid best = enabled.front().tid;
  for (const Decision& d : enabled)
    if (priority(d.tid, rng) > priority(best, rng)) best = d.tid;
  return best;
}

// Judging by its latest event.
bool Pct::waits(const Engine& e) const {
  const bool tried = latest_kind_ == OpKind::TryLock || latest_kind_ == OpKind::TryAcquire ||
                     latest_kind_ == OpKind::TryPut || latest_kind_ == OpKind::TryGet;
  return latest_kind_ == OpKind::Sleep || latest_alternative_ == kExpire ||
         (tried && !e.thread(latest_).result) || in_a_row_ > 2 * events_of(profile_->by_thread, latest_) + 4;
}

Decision Pct::choose(const Engine& e, std::span<const Decision> enabled, Rng& rng) {
  if (latest_ != kNoThread && waits(e)) {
    priority(latest_, rng) = --lowest_;
    in_a_row_ = 0;
  }
  Tid best = highest(enabled, rng);
  for (std::size_t i = 0; i < changes_.size(); ++i) {
    if (changes_[i] != step_) continue;
    priority(best, rng) = depth_ - 1 - static_cast<std::int64_t>(i);
    best = highest(enabled, rng);
  }
  ++step_;
  const auto is_best = [best](const Decision& d) { return d.tid == best; };
  const auto first = std::find_if(enabled.begin(), enabled.end(), is_best);
  const auto last = std::find_if_not(first, enabled.end(), is_best);
  const auto n = static_cast<std::uint32_t>(last - first);
  const Decision chosen = first[n == 1 ? 0 : rng.below(n)];
  in_a_row_ = best == latest_ ? in_a_row_ + 1 : 1;
  latest_ = best;
  latest_kind_ = e.thread(best).op.kind;
  latest_alternative_ = chosen.alt;
  return chosen;
}

}  // namespace raddle::explore
