// The exploration tree as bytes: its nodes, each before its children.
#include <cassert>

#include "checker/explore/exploration_tree.h"
#include "checker/explore/lease_codec.h"

namespace raddle::explore {

using namespace engine;

namespace {
constexpr std::uint64_t kUnexplored = 1, kDivided = 2, kClosed = 4, kAll = 7;
}  // namespace

void ExplorationTree::save(WireWriter& out, const Engine& e) const {
  TransitionWriter w(e, out);
  std::vector<NodeId> left = {0};
  while (!left.empty()) {
    const NodeId id = left.back();
    left.pop_back();
    const Node& n = node(id);
    assert(!n.leased);
    if (id) w.transition(n.t);
    out.number((n.unexplored ? kUnexplored : 0) | (n.divided ? kDivided : 0) | (n.closed ? kClosed : 0));
    w.forest(copy(pending_, n.pending));
    const std::size_t first = left.size();
    for (NodeId c = n.first; c != kNone; c = node(c).next) left.push_back(c);
    std::reverse(left.begin() + static_cast<std::ptrdiff_t>(first), left.end());
    out.number(left.size() - first);
  }
}

ExplorationTree ExplorationTree::load(WireReader& in, Engine& e) {
  ExplorationTree tree;
  tree.node(0) = {};
  TransitionReader r(e, in);
  std::vector<NodeId> parents = {kNone};  // of the nodes to come, the next one last
  while (!parents.empty()) {
    const NodeId parent = parents.back();
    parents.pop_back();
    const NodeId id = parent == kNone ? 0 : tree.add_child(parent, r.transition());
    const std::uint64_t flags = in.number();
    if (flags > kAll) throw WireError("a node is in no known state");
    tree.node(id).divided = flags & kDivided;
    tree.node(id).closed = flags & kClosed;
    if (flags & kUnexplored) {
      tree.node(id).unexplored = true;
      tree.open(id);
    }
    tree.set_pending(id, add(tree.pending_, r.forest()));
    parents.insert(parents.end(), in.count(), id);
  }
  return tree;
}

}  // namespace raddle::explore
