#include "checker/explore/urw.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

namespace {

// Whoever is there has something to do, whatever the estimate says.
std::uint32_t left(std::uint32_t estimated, std::uint32_t done) {
  return estimated > done ? estimated - done : 1;
}

}  // namespace

void Urw::begin(const Profile& profile, Rng& rng) {
  profile_ = &profile;
  object_ = nullptr;
  intended_ = kNoThread;
  done_.clear();
  if (selective_ && !profile.shared.empty())
    object_ = &profile.shared[rng.below(static_cast<std::uint32_t>(profile.shared.size()))];
}

bool Urw::touches(const Engine& e, Tid t) const {
  const Operation& op = e.thread(t).op;
  return object_of(op.a0) == object_->id || object_of(op.a1) == object_->id;
}

Decision Urw::choose_weighted(const Engine& e, std::span<const Decision> enabled, Rng& rng) const {
  const auto weight = [&](Tid t) {
    return left(events_of(profile_->by_thread, t), static_cast<std::uint32_t>(e.thread(t).count));
  };
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < enabled.size(); ++i)
    if (i == 0 || enabled[i].tid != enabled[i - 1].tid) sum += weight(enabled[i].tid);
  std::uint32_t at = rng.below(sum);
  std::size_t first = 0;
  for (std::size_t i = 0; i < enabled.size(); ++i) {
    if (i > 0 && enabled[i].tid == enabled[i - 1].tid) continue;
    first = i;
    if (at < weight(enabled[i].tid)) break;
    at -= weight(enabled[i].tid);
  }
  std::size_t last = first + 1;
  while (last < enabled.size() && enabled[last].tid == enabled[first].tid) ++last;
  const auto n = static_cast<std::uint32_t>(last - first);
  return enabled[first + (n == 1 ? 0 : rng.below(n))];
}

void Urw::intend(const Engine& e, Rng& rng) {
  const auto weight = [&](Tid t) {
    const std::uint32_t estimated = events_of(object_->by_thread, t), done = events_of(done_, t);
    return estimated > done ? estimated - done : 0;
  };
  std::uint32_t sum = 0;
  for (const Tid t : profile_->threads)  // of others nothing is known
    if (!e.ended(t)) sum += weight(t);
  intended_ = kNoThread;
  until_ = e.step() + profile_->events + 16;
  if (sum == 0) return;
  std::uint32_t at = rng.below(sum);
  for (const Tid t : profile_->threads) {
    if (e.ended(t)) continue;
    if (at < weight(t)) {
      intended_ = t;
      return;
    }
    at -= weight(t);
  }
}

Decision Urw::choose(const Engine& e, std::span<const Decision> enabled, Rng& rng) {
  if (!object_) return choose_weighted(e, enabled, rng);
  if (intended_ != kNoThread && e.step() > until_) {  // it does not come as often as it did in the first run
    done_.resize(std::max(done_.size(), static_cast<std::size_t>(e.thread_count())));
    done_[static_cast<std::size_t>(intended_)] = events_of(object_->by_thread, intended_);
    intended_ = kNoThread;
  }
  if (intended_ == kNoThread || e.ended(intended_)) intend(e, rng);
  allowed_.clear();
  for (const Decision& d : enabled)
    if (intended_ == kNoThread || d.tid == intended_ || !touches(e, d.tid)) allowed_.push_back(d);
  // Who is intended waits for one of those that are not.
  const Decision chosen = allowed_.empty() ? enabled[rng.below(static_cast<std::uint32_t>(enabled.size()))]
                                           : choose_weighted(e, allowed_, rng);
  if (touches(e, chosen.tid)) {
    done_.resize(std::max(done_.size(), static_cast<std::size_t>(e.thread_count())));
    ++done_[static_cast<std::size_t>(chosen.tid)];
    intended_ = kNoThread;
  }
  return chosen;
}

}  // namespace raddle::explore
