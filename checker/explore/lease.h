// Leases: subtrees of an exploration tree that are explored on their own, away from the rest of it (exploration_tree.h).
// Who explores one knows the way to it, what has been started on both sides of that way before, and what is pending in
// it; a race that reverses into the way itself is given back with the result, for the whole tree to deal with.
//
// Plain data, so that it can go to another process (lease_codec.h) or into a file.
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "checker/explore/wakeup_tree.h"

namespace raddle::explore {

/// Ordered trees of transitions, each node before its children, with their number.
struct Forest {
  struct Node {
    engine::Transition t;
    std::uint32_t children = 0;
  };
  std::vector<Node> nodes;

  bool empty() const { return nodes.empty(); }
};

/// Copies the trees that start with `first` and its siblings.
Forest copy(const WakeupTree& from, WakeupTree::Branch first);
/// Adds a copy of `forest` to `to`. Returns its first tree.
WakeupTree::Branch add(WakeupTree& to, const Forest& forest);

/// A node of the tree on the way to where the exploration goes on.
struct LeaseNode {
  std::vector<engine::Transition>
      started;     // its children before the one on the way, in the order of their starts
  Forest pending;  // its wakeup tree
};

struct Lease {
  /// Depth of the subtree's root. Of the nodes above it nothing is pending here.
  engine::Step root = 0;
  std::vector<engine::Transition> path;  // from the initial state to the deepest node with something pending
  std::vector<LeaseNode> nodes;          // on it: one more than transitions
  /// Is what gets explored to be given back, since something may still have to be inserted there?
  bool retain = false;
};

/// A sequence of transitions, each with the depth up to which events have to stay so that it stays.
struct SequenceItem {
  engine::Transition t;
  engine::Step at = 0;
};
using Sequence = std::span<SequenceItem>;

/// The rest of the tree, for who explores a part of it in the same process.
class Elsewhere {
 public:
  virtual ~Elsewhere() = default;
  /// Makes sure that `v` gets explored from the node at depth `at`, above the lease's root. Changes `v`. Returns the
  /// depth up to which events must stay for that to remain so.
  virtual engine::Step insert(engine::Step at, Sequence v) = 0;
};

/// A sequence that has to be explored from the node at depth `at` of the lease's path.
struct Exported {
  engine::Step at = 0;
  std::vector<engine::Transition> v;
};

struct LeaseResult {
  struct Node {
    Forest
        explored;  // children that were finished meanwhile, with what was explored below them (Lease::retain)
    Forest pending;
  };
  /// From the lease's root to the deepest node with something pending; that root alone if nothing is.
  std::vector<Node> nodes;
  std::vector<engine::Transition> path;  // between them
  std::vector<Exported> exported;
};

}  // namespace raddle::explore
