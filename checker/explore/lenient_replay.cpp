#include "checker/explore/lenient_replay.h"

#include <algorithm>

#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

// The alternative that was taken by the event of this number, if it is there.
Alternative alternative(const Engine& e, Tid t, const std::vector<Stretch>& stretches) {
  const Thread& th = e.thread(t);
  Alternative chosen = first_alternative(e, t);
  for (const Stretch& s : stretches) {
    const auto begin = s.until - static_cast<std::int32_t>(s.events.size());
    if (s.thread != th.name || th.count < begin || th.count >= s.until) continue;
    const NamedChoice& c = s.events[static_cast<std::size_t>(th.count - begin)];
    Alternative wanted = c.alternative;
    if (th.op.kind == OpKind::NotifyOne) wanted = static_cast<Alternative>(e.thread_named(c.waiter) + 1);
    for_each_alternative(e, t, [&](Tid, Alternative a) { chosen = a == wanted ? a : chosen; });
    break;
  }
  return chosen;
}

}  // namespace

Decision LenientReplay::choose(Engine& e, Tid current) {
  auto goes = [&e](Tid t) { return t != kNoThread && e.ready().contains(t) && e.runnable(t); };
  for (; at_ < stretches_.size(); ++at_) {
    const Stretch& s = stretches_[at_];
    const Tid t = e.thread_named(s.thread);
    const bool before_end = goes(t) && (e.thread(t).count < s.until || (!s.preempted && !lets_go(e, t)));
    if (before_end) return {t, alternative(e, t, stretches_)};
  }
  const Tid t = goes(current) ? current : e.ready().find(goes);
  return t == kNoThread ? kStop : Decision{t, alternative(e, t, stretches_)};
}

Decision LenientReplay::pick(Engine& e, Tid current) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  const Decision d = choose(e, current);
  if (d.tid != kNoThread) commit(e, d);
  return d;
}

LeavingOut::LeavingOut(std::vector<NamedChoice> schedule, std::uint64_t executions,
                       std::function<bool()> may_spend, std::function<Inspector&()> fresh,
                       std::function<bool(Engine&, const LenientReplay&)> better)
    : executions_(executions),
      may_spend_(std::move(may_spend)),
      fresh_(std::move(fresh)),
      better_(std::move(better)),
      schedule_(std::move(schedule)) {}

bool LeavingOut::begin(Engine& e) {
  if (executions_ == 0 || !may_spend_()) return false;
  --executions_;
  if (!divided_) {
    replay_ = std::make_unique<CostedReplay>(fresh_(), schedule_);
    return replay_->begin(e);
  }
  return next_attempt() && replay_->begin(e);
}

// Stretches of the execution that has been replayed.
void LeavingOut::divide(const CostedReplay& replay) {
  stretches_.clear();
  preemptions_.clear();
  const auto& all = replay.executed();
  std::vector<std::pair<std::uint64_t, std::int32_t>> counts;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t name = all[i].thread;
    if (stretches_.empty() || stretches_.back().thread != name) {
      if (!stretches_.empty() && replay.costs()[i]) {
        stretches_.back().preempted = true;
        preemptions_.push_back(stretches_.size() - 1);
      }
      stretches_.push_back({name, {}, 0, false});
    }
    auto count = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == name; });
    if (count == counts.end()) count = counts.insert(counts.end(), {name, 0});
    stretches_.back().events.push_back(all[i]);
    stretches_.back().until = ++count->second;
  }
  divided_ = true;
  chunk_ = (preemptions_.size() + 1) / 2;
  from_ = 0;
}

bool LeavingOut::next_attempt() {
  if (from_ >= preemptions_.size()) {
    if (chunk_ <= 1) return false;
    chunk_ = (chunk_ + 1) / 2;
    from_ = 0;
  }
  if (preemptions_.empty()) return false;
  std::vector<Stretch> fewer = stretches_;
  const std::size_t to = std::min(preemptions_.size(), from_ + chunk_);
  for (; from_ < to; ++from_) fewer[preemptions_[from_]].preempted = false;
  replay_ = std::make_unique<LenientReplay>(fresh_(), std::move(fewer));
  return true;
}

void LeavingOut::end(Engine& e, Outcome o) {
  replay_->end(e, o);
  const auto* lenient = dynamic_cast<const LenientReplay*>(replay_.get());
  if (!lenient || better_(e, *lenient)) divide(*replay_);
}

}  // namespace raddle::explore
