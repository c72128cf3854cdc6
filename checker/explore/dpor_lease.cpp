// Dpor's exploration of a part of the tree (lease.h).
#include <algorithm>
#include <cassert>

#include "checker/explore/dpor.h"

namespace raddle::explore {

using namespace engine;
using Branch = WakeupTree::Branch;

// The way to the subtree, and what is pending in it, becomes one wakeup tree: the first execution follows its first
// branches.
void Dpor::take(const Lease& lease, Elsewhere* elsewhere) {
  races_.rewind(0);
  inspector_.rewind(0);
  tree_.clear();
  explored_.clear();
  children_.assign(lease.path.size() + 1, {});
  exported_.clear();
  given_away_.clear();
  branch_ = 0;
  root_ = lease.root;
  retain_ = lease.retain;
  elsewhere_ = elsewhere;
  started_ = undone_ = false;
  way_ = lease.nodes;
  Branch parent = WakeupTree::kNone;
  Branch root = WakeupTree::kNone;
  for (std::size_t d = 0; d < lease.nodes.size(); ++d) {
    const Branch rest = add(tree_, lease.nodes[d].pending);
    Branch first = rest;
    if (d < lease.path.size()) {
      first = tree_.add(lease.path[d]);
      tree_.set_next(first, rest);
    }
    if (parent == WakeupTree::kNone)
      root = first;
    else
      tree_.set_child(parent, first);
    parent = first;
  }
  way_root_ = root;
  done_ = lease.nodes.front().started;
  catching_up_ = static_cast<Step>(lease.path.size());
}

// The first execution has come to a node on the way: what has been started there before is asleep.
void Dpor::catch_up(Node& node) {
  const Step d = history_.size();
  const auto& started = way_[static_cast<std::size_t>(d)].started;
  done_.resize(node.done_end);
  done_.insert(done_.end(), started.begin(), started.end());
  node.done_end = static_cast<std::uint32_t>(done_.size());
  if (d == catching_up_) catching_up_ = kNever;
}

// All events of the current execution from depth `step` on are finished: they become children of their nodes.
void Dpor::fold(Step step) {
  const Step size = history_.size();
  if (children_.size() <= static_cast<std::size_t>(size))
    children_.resize(static_cast<std::size_t>(size) + 1);
  Branch below = WakeupTree::kNone;
  for (Step d = size; d >= step; --d) {
    Trees& node = children_[static_cast<std::size_t>(d)];
    if (d < size) {
      const Branch b = explored_.add(history_[d].t);
      explored_.set_child(b, below);
      if (node.first == WakeupTree::kNone)
        node.first = b;
      else
        explored_.set_next(node.last, b);
      node.last = b;
    }
    if (d == step) return;
    below = node.first;
    node = {};
  }
}

// Sequence v_ belongs outside the lease. Whether it is new over there is known there; twice the same it is not.
Step Dpor::give_away(Step i, Step place) {
  if (elsewhere_)
    return std::max(place, elsewhere_->insert(i, {v_.data(), static_cast<std::size_t>(v_size_)}));
  std::uint64_t digest = mix(static_cast<std::uint64_t>(i));
  for (int k = 0; k < v_size_; ++k) {
    const Transition& t = v_[static_cast<std::size_t>(k)].t;
    digest = mix(digest ^ (static_cast<std::uint64_t>(t.tid) << 48 | static_cast<std::uint64_t>(t.alt) << 32 |
                           static_cast<std::uint64_t>(t.kind))) +
             (static_cast<std::uint64_t>(t.a0) << 32 | t.a1);
  }
  if (given_away_.insert(digest).second) {
    Exported& e = exported_.emplace_back();
    e.at = i;
    for (int k = 0; k < v_size_; ++k) e.v.push_back(v_[static_cast<std::size_t>(k)].t);
  }
  return INT_MAX;
}

LeaseResult Dpor::give_back() {
  assert(options_.optimal && started_ && !(undone_ && retain_));
  LeaseResult result;
  const Step deepest = undone_ ? branch_ : std::max(deepest_pending(), root_);
  if (retain_) fold(deepest);
  for (Step d = root_; d <= deepest; ++d) {
    const auto i = static_cast<std::size_t>(d);
    LeaseResult::Node& node = result.nodes.emplace_back();
    if (retain_) {
      if (i < children_.size()) node.explored = copy(explored_, children_[i].first);
    } else {
      add_started(d, node.explored);
      if (d == deepest && d < history_.size() && !undone_) node.explored.nodes.push_back({history_[d].t, 0});
    }
    if (d < history_.size() || undone_) node.pending = copy(tree_, nodes_[i].pending);
    if (d < deepest) result.path.push_back(history_[d].t);
  }
  result.exported = std::move(exported_);
  exported_ = {};
  retain_ = false;
  return result;
}

// Its events become a wakeup sequence, with what is pending beside them.
void Dpor::undo() {
  Branch below = nodes_[static_cast<std::size_t>(history_.size())].pending;
  for (Step d = history_.size() - 1; d >= branch_; --d) {
    Branch& pending = nodes_[static_cast<std::size_t>(d)].pending;
    const Branch b = tree_.add(history_[d].t);
    tree_.set_child(b, below);
    tree_.set_next(b, pending);
    below = b;
    pending = WakeupTree::kNone;
  }
  nodes_[static_cast<std::size_t>(branch_)].pending = below;
  undone_ = true;
}

// The children of the node at depth d that have been finished: of what is asleep or explored there, the rest has come
// from above.
void Dpor::add_started(Step d, Forest& to) const {
  const Node& node = nodes_[static_cast<std::size_t>(d)];
  std::uint32_t first = node.done_begin;
  if (d > 0) {
    const Node& above = nodes_[static_cast<std::size_t>(d) - 1];
    for (std::uint32_t s = above.done_begin; s != above.done_end; ++s)
      first += independent(done_[s], history_[d - 1].t);
  }
  for (std::uint32_t s = first; s != node.done_end; ++s) to.nodes.push_back({done_[s], 0});
}

}  // namespace raddle::explore
