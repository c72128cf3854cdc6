#include "checker/explore/sharded_search.h"

#include <algorithm>

#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

ShardedSearch::ShardedSearch(Inspector& inspector, Options options)
    : inspector_(inspector), options_(options), dpor_(inspector, {.optimal = false}) {
  begin_learning();
}

void ShardedSearch::begin_learning() {
  phase_ = Phase::Learn;
  scratch_.restart();
  scratch_.set_limits({.seconds = options_.limits.seconds, .interrupt = options_.limits.interrupt});
  learning_ = std::make_unique<Dpor>(scratch_, Dpor::Options{});
  learnt_ = 0;
  inner_.assign(1, {});
  leaves_.clear();
  next_ = 0;
  leased_ = false;
}

void ShardedSearch::restart(Engine& e) {
  dpor_.restart(e);
  begin_learning();
}

bool ShardedSearch::begin(Engine& e) {
  if (phase_ == Phase::Learn) {
    if (learnt_ < options_.learning && !scratch_.ended_in_haste() && learning_->begin(e)) return ++learnt_;
    phase_ = Phase::Expand;
  }
  if (phase_ == Phase::Expand) {
    if (begin_expanding(e)) return true;
    phase_ = Phase::Explore;
  }
  return begin_exploring(e);
}

Decision ShardedSearch::pick(Engine& e, Tid current) {
  if (phase_ == Phase::Learn) return learning_->pick(e, current);
  return phase_ == Phase::Expand ? look(e) : dpor_.pick(e, current);
}

void ShardedSearch::end(Engine& e, Outcome o) {
  if (phase_ == Phase::Learn) return learning_->end(e, o);
  if (phase_ == Phase::Expand) return expand(e);
  dpor_.end(e, o);
}

bool ShardedSearch::unordered_access(const Engine& e, ObjectId o) const {
  if (phase_ == Phase::Learn) return learning_->unordered_access(e, o);
  return phase_ == Phase::Explore && dpor_.unordered_access(e, o);
}

// --- the expanded tree

bool ShardedSearch::begin_expanding(Engine& e) {
  if (inner_.empty() || inspector_.is_to_stop() ||
      inner_.size() + leaves_.size() >= options_.parts * options_.shard.of) {
    leaves_.insert(leaves_.end(), std::make_move_iterator(inner_.begin()),
                   std::make_move_iterator(inner_.end()));
    inner_.clear();
    return false;
  }
  script_.clear();
  for (const Transition& t : inner_.front().path) script_.push_back({t.tid, t.alt});
  looked_ = false;
  e.set_script(script_.data(), static_cast<Step>(script_.size()));
  return true;
}

// What is enabled there.
Decision ShardedSearch::look(Engine& e) {
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  looked_ = true;
  enabled_.clear();
  for_each_enabled(e, [&](Tid t, Alternative a) { enabled_.push_back(History::transition(e, t, a)); });
  return kStop;
}

void ShardedSearch::expand(const Engine&) {
  Prefix node = std::move(inner_.front());
  inner_.pop_front();
  if (!looked_ || enabled_.empty()) {
    leaves_.push_back(std::move(node));
    return;
  }
  std::vector<Transition> asleep = node.asleep, started;
  const auto same = [](const Transition& a, const Transition& b) { return a.tid == b.tid && a.alt == b.alt; };
  for (const Transition& t : enabled_) {
    if (std::any_of(node.asleep.begin(), node.asleep.end(), [&](const Transition& s) { return same(s, t); }))
      continue;
    Prefix child = {node.path, node.started, {}};
    child.path.push_back(t);
    child.started.push_back(started);
    std::copy_if(asleep.begin(), asleep.end(), std::back_inserter(child.asleep),
                 [&](const Transition& s) { return independent(s, t); });
    inner_.push_back(std::move(child));
    asleep.push_back(t);
    started.push_back(t);
  }
}

// --- what is below

bool ShardedSearch::begin_exploring(Engine& e) {
  while (!leased_ || dpor_.finished()) {
    if (!inspector_.may_continue()) return false;
    while (next_ < leaves_.size() && next_ % options_.shard.of != options_.shard.index - 1) ++next_;
    if (next_ == leaves_.size()) {
      inspector_.exhausted();
      return false;
    }
    Prefix& leaf = leaves_[next_++];
    Lease lease;
    lease.root = static_cast<Step>(leaf.path.size());
    for (auto& started : leaf.started) lease.nodes.push_back({std::move(started), {}});
    lease.nodes.emplace_back();
    lease.path = std::move(leaf.path);
    dpor_.take(lease);
    leased_ = true;
  }
  return dpor_.begin(e);
}

}  // namespace raddle::explore
