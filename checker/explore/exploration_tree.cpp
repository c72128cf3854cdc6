#include "checker/explore/exploration_tree.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "checker/explore/weak_initials.h"

namespace raddle::explore {

using namespace engine;
using Branch = WakeupTree::Branch;
using NodeId = ExplorationTree::NodeId;

ExplorationTree::ExplorationTree() {
  nodes_.emplace_back();
  live_ = 1;
  node(0).unexplored = true;
  node(0).open = 1;
}

// --- nodes

NodeId ExplorationTree::add_child(NodeId parent, const Transition& t) {
  NodeId id;
  if (free_.empty()) {
    id = static_cast<NodeId>(nodes_.size());
    nodes_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  ++live_;
  Node& n = node(id);
  n = {};
  n.t = t;
  n.parent = parent;
  n.depth = node(parent).depth + 1;
  if (node(parent).last == kNone)
    node(parent).first = id;
  else
    node(node(parent).last).next = id;
  node(parent).last = id;
  return id;
}

NodeId ExplorationTree::find_child(NodeId parent, const Transition& t) const {
  for (NodeId c = node(parent).first; c != kNone; c = node(c).next)
    if (node(c).t.tid == t.tid && node(c).t.alt == t.alt) return c;
  return kNone;
}

void ExplorationTree::open(NodeId n) {
  while (n != kNone && node(n).open++ == 0) n = node(n).parent;
}

void ExplorationTree::close(NodeId n) {
  while (n != kNone && --node(n).open == 0) n = node(n).parent;
}

void ExplorationTree::set_pending(NodeId n, Branch b) {
  const bool before = node(n).pending != WakeupTree::kNone, after = b != WakeupTree::kNone;
  node(n).pending = b;
  if (after && !before) open(n);
  if (before && !after) close(n);
}

// --- what can be leased

// The only open child, if it is the one that was started last; else kNone.
NodeId ExplorationTree::open_child(NodeId n) const {
  NodeId found = kNone;
  for (NodeId c = node(n).first; c != kNone; c = node(c).next) {
    if (node(c).open == 0) continue;
    if (found != kNone || c != node(n).last) return kNone;
    found = c;
  }
  return found;
}

// Can all that is left below n be explored depth first from where it is? Else adds the parts that can.
bool ExplorationTree::whole(NodeId n, std::vector<Part>& parts) const {
  if (node(n).leased) return false;
  const NodeId only = open_child(n);
  bool whole_children = true, children = false;
  std::vector<NodeId> open_ones;
  for (NodeId c = node(n).first; c != kNone; c = node(c).next)
    if (node(c).open) open_ones.push_back(c);
  children = !open_ones.empty();
  const bool candidate = (!children || only != kNone) && !node(n).divided;
  for (NodeId c : open_ones) {
    const bool w = whole(c, parts);
    if (w && candidate) return true;
    if (w) parts.push_back({c, false, false});
    whole_children &= w;
  }
  if (candidate && whole_children) return true;
  for (Branch b = node(n).pending; b != WakeupTree::kNone; b = pending_[b].next)
    parts.push_back({n, true, false});
  return false;
}

std::vector<ExplorationTree::Part> ExplorationTree::parts() const {
  std::vector<Part> parts;
  if (node(0).open && whole(0, parts)) parts.push_back({0, false, false});
  if (parts.empty()) return parts;
  // Is there something leased before it?
  NodeId n = 0;
  for (;;) {
    if (node(n).leased) return parts;
    NodeId c = node(n).first;
    while (c != kNone && node(c).open == 0) c = node(c).next;
    if (c == kNone) break;
    n = c;
  }
  parts.front().first = true;
  return parts;
}

ExplorationTree::Part ExplorationTree::first_part() const {
  std::vector<NodeId> way{0};
  for (;;) {
    NodeId c = node(way.back()).first;
    while (c != kNone && node(c).open == 0) c = node(c).next;
    if (c == kNone) break;
    way.push_back(c);
  }
  if (node(way.back()).divided) return {way.back(), true, true};
  NodeId top = way.back();
  way.pop_back();
  for (; !way.empty() && !node(way.back()).divided && open_child(way.back()) == top; way.pop_back())
    top = way.back();
  return {top, false, true};
}

bool ExplorationTree::split(const Part& part) {
  if (part.pending) return false;
  NodeId n = part.node;
  for (;;) {
    const NodeId c = open_child(n);
    const Branch b = node(n).pending;
    if (b != WakeupTree::kNone && (c != kNone || pending_[b].next != WakeupTree::kNone)) {
      node(n).divided = true;
      return true;
    }
    if (c == kNone) return false;
    n = c;
  }
}

// The first pending branch becomes a child.
NodeId ExplorationTree::start_pending(NodeId n) {
  const Branch b = node(n).pending;
  const WakeupTree::Node w = pending_[b];
  const NodeId c = add_child(n, w.t);
  pending_.release(b);
  node(c).unexplored = true;
  open(c);
  set_pending(c, w.child);
  set_pending(n, w.next);
  if (std::exchange(node(n).unexplored, false)) close(n);
  return c;
}

Lease ExplorationTree::lease(const Part& part, NodeId& root) {
  root = part.pending ? start_pending(part.node) : part.node;
  Lease lease;
  lease.root = node(root).depth;
  lease.retain = !part.first;
  std::vector<NodeId> way;
  for (NodeId n = root; n != kNone; n = node(n).parent) way.push_back(n);
  std::reverse(way.begin(), way.end());
  for (NodeId n = open_child(root); n != kNone; n = open_child(n)) way.push_back(n);
  for (std::size_t d = 0; d < way.size(); ++d) {
    LeaseNode& on_way = lease.nodes.emplace_back();
    const NodeId next = d + 1 < way.size() ? way[d + 1] : kNone;
    for (NodeId c = node(way[d]).first; c != kNone && c != next; c = node(c).next)
      on_way.started.push_back(node(c).t);
    if (next != kNone) lease.path.push_back(node(next).t);
    if (d < static_cast<std::size_t>(lease.root)) continue;
    on_way.pending = copy(pending_, node(way[d]).pending);
    pending_.release_trees(node(way[d]).pending);
    set_pending(way[d], WakeupTree::kNone);
    if (std::exchange(node(way[d]).unexplored, false)) close(way[d]);
    if (way[d] == root) {
      node(root).leased = true;
      open(root);
    }
  }
  return lease;
}

void ExplorationTree::cancel(NodeId root, const Lease& lease) {
  NodeId n = root;
  const auto end = lease.nodes.size();
  for (auto d = static_cast<std::size_t>(lease.root); d < end; ++d) {
    set_pending(n, add(pending_, lease.nodes[d].pending));
    if (d + 1 < end)
      n = find_child(n, lease.path[d]);
    else if (node(n).first == kNone) {  // nobody has been there
      node(n).unexplored = true;
      open(n);
    }
  }
  node(root).leased = false;
  close(root);
  for (auto& v : std::exchange(waiting_[root], {})) insert(root, kNone, v);
  waiting_.erase(root);
}

// --- what has been explored

// Children that have been finished; some of them may have been started before.
void ExplorationTree::merge(NodeId n, const Forest& forest, std::size_t& at, std::uint32_t trees) {
  for (; trees; --trees) {
    const Forest::Node& f = forest.nodes[at++];
    NodeId c = find_child(n, f.t);
    if (c == kNone) c = add_child(n, f.t);
    merge(c, forest, at, f.children);
  }
}

void ExplorationTree::give_back(NodeId root, const LeaseResult& result) {
  NodeId n = root;
  for (std::size_t d = 0; d < result.nodes.size(); ++d) {
    const Forest& explored = result.nodes[d].explored;
    for (std::size_t at = 0; at < explored.nodes.size();) merge(n, explored, at, 1);
    set_pending(n, add(pending_, result.nodes[d].pending));
    if (d == result.path.size()) break;
    const NodeId c = find_child(n, result.path[d]);
    n = c != kNone ? c : add_child(n, result.path[d]);
  }
  node(root).leased = false;
  close(root);
  for (const Exported& e : result.exported) {
    std::vector<SequenceItem> v;
    for (const Transition& t : e.v) v.push_back({t, 0});
    insert_above(root, e.at, v);
  }
  if (const auto it = waiting_.find(root); it != waiting_.end()) {
    auto waiting = std::move(it->second);
    waiting_.erase(it);
    for (auto& v : waiting) insert(root, kNone, v);
  }
  forget_closed();
}

// --- the descend rule

Step ExplorationTree::insert_above(NodeId root, Step at, Sequence v) {
  NodeId via = root;
  while (node(via).depth > at + 1) via = node(via).parent;
  return insert(node(via).parent, via, v);
}

namespace {

// As weak_initial. `decided` becomes at least the depth of the item that decided, the greatest there is for the end of v.
inline int initial_in(const Transition& x, const Sequence v, Step& decided) {
  int decider;
  const SequenceItem* const items = v.data();
  const int n = static_cast<int>(v.size());
  const int at = weak_initial(
      x, n, [items](int k) -> const Transition& { return items[k].t; }, decider);
  decided = std::max(decided, decider < n ? items[decider].at : INT_MAX);
  return at;
}

// What is taken out stands near the beginning, mostly.
inline void take_out(Sequence& v, int at) {
  std::move_backward(v.begin(), v.begin() + at, v.begin() + at + 1);
  v = v.subspan(1);
}

}  // namespace

// Returns the depth up to which the verdict depends on the execution that v is from.
Step ExplorationTree::insert(NodeId n, NodeId via, Sequence v) {
  Step decided = 0;
  for (;;) {
    assert(!node(n).closed);
    if (node(n).leased) {
      waiting_[n].emplace_back(v.begin(), v.end());
      return INT_MAX;
    }
    bool later = via == kNone;
    NodeId into = kNone;
    for (NodeId c = node(n).first; c != kNone && into == kNone; c = node(c).next) {
      if (c == via) {
        later = true;
        continue;
      }
      const int at = initial_in(node(c).t, v, decided);
      if (at == kNotInitial) continue;
      if (!later) return decided;  // covered by what was explored before
      if (at >= 0) take_out(v, at);
      into = c;
    }
    if (into == kNone) return insert_pending(n, v, decided);
    if (v.empty()) return decided;
    n = into;
    via = kNone;
  }
}

// What sleeps in node n when all its children have been explored.
std::vector<Transition> ExplorationTree::asleep_at(NodeId n) const {
  std::vector<NodeId> way;
  for (NodeId a = n; a != kNone; a = node(a).parent) way.push_back(a);
  std::vector<Transition> asleep;
  for (auto a = way.rbegin(); a != way.rend(); ++a) {
    const NodeId next = a + 1 == way.rend() ? kNone : *(a + 1);
    for (NodeId c = node(*a).first; c != kNone && c != next; c = node(c).next) asleep.push_back(node(c).t);
    if (next != kNone)
      std::erase_if(asleep, [&](const Transition& s) { return !independent(s, node(next).t); });
  }
  return asleep;
}

// As Dpor::insert does it.
Step ExplorationTree::insert_pending(NodeId n, Sequence v, Step decided) {
  const bool top_is_leaf = node(n).unexplored;
  Branch first = node(n).pending;
  if (first == WakeupTree::kNone && top_is_leaf) return decided;  // its exploration will cover v
  passed_.clear();
  Branch owner = WakeupTree::kNone;
  for (;;) {
    Branch last = WakeupTree::kNone, b = first;
    int at = kNotInitial;
    for (; b != WakeupTree::kNone; last = b, b = pending_[b].next) {
      at = initial_in(pending_[b].t, v, decided);
      if (at != kNotInitial) break;
      passed_.push_back({b, false});
    }
    if (b == WakeupTree::kNone) {
      bool sibling = last != WakeupTree::kNone;
      if (sibling) owner = last;
      std::vector<Transition> asleep = asleep_at(n);
      auto wake = [&](const Transition& t) {
        std::erase_if(asleep, [&](const Transition& s) { return !independent(s, t); });
      };
      for (const auto& [branch, entered] : passed_) {
        if (entered)
          wake(pending_[branch].t);
        else
          asleep.push_back(pending_[branch].t);
      }
      for (const auto& [t, depth] : v) {
        const Branch added = pending_.add(t);
        if (owner == WakeupTree::kNone)
          set_pending(n, added);
        else if (sibling)
          pending_.set_next(owner, added);
        else
          pending_.set_child(owner, added);
        owner = added;
        sibling = false;
        decided = std::max(decided, depth);
        wake(t);
        if (asleep.empty()) return decided;
      }
      return INT_MAX;
    }
    if (at >= 0) take_out(v, at);
    if (v.empty()) return decided;
    passed_.push_back({b, true});
    owner = b;
    first = pending_[b].child;
    if (first == WakeupTree::kNone) return decided;  // a leaf
  }
}

std::uint64_t ExplorationTree::pending() const {
  std::uint64_t n = 0;
  std::vector<NodeId> left = {0};
  while (!left.empty()) {
    const Node& at = node(left.back());
    left.pop_back();
    n += pending_.leaves(at.pending) + (at.leased || (at.unexplored && at.pending == WakeupTree::kNone));
    for (NodeId c = at.first; c != kNone; c = node(c).next)
      if (node(c).open) left.push_back(c);
  }
  return n;
}

// --- memory

void ExplorationTree::forget_children(NodeId n) {
  std::vector<NodeId> all;
  for (NodeId c = node(n).first; c != kNone; c = node(c).next) all.push_back(c);
  for (std::size_t i = 0; i < all.size(); ++i)
    for (NodeId c = node(all[i]).first; c != kNone; c = node(c).next) all.push_back(c);
  live_ -= all.size();
  free_.insert(free_.end(), all.begin(), all.end());
  node(n).first = node(n).last = kNone;
  node(n).closed = true;
}

// Whatever is finished and comes before everything that is not.
void ExplorationTree::forget_closed() {
  for (NodeId n = 0; n != kNone;) {
    if (node(n).leased) return;
    NodeId c = node(n).first;
    for (; c != kNone && node(c).open == 0; c = node(c).next)
      if (!node(c).closed) forget_children(c);
    n = c;
  }
}

}  // namespace raddle::explore
