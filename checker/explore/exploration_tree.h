// The exploration tree of an optimal search that does not go depth first: several parts of it (leases) are explored at a
// time, or one after the other in any order, and the tree says what is left, and which sequence belongs where.
//
// In depth-first order a sequence that is to be explored from a node is either covered by what has been explored there,
// or becomes pending; children that have been started later than the one whose exploration has found it do not exist. In
// any other order they do. Then the *descend rule* holds: the sequence goes on to the first of them that it can start
// with, explored or not, and is inserted there. What arrives while that subtree is being explored elsewhere waits.
// Every class is then explored exactly once, whatever the order (tests/fuzz/leases_test.cpp).
//
// For that rule explored parts are kept as long as something can still arrive there: until all that has been started
// before them, at any of the nodes above, is finished. Taking what comes first in depth-first order keeps them few.
//
// Numbered invariants:
//  (1) Children of a node are in the order of their starts; a transition is started once from a node.
//  (2) A leased node's subtree changes only when the lease is given back.
//  (3) open(n) is 0 iff nothing below n is pending, leased or unexplored.
//
// Not thread-safe.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "checker/engine/wire.h"
#include "checker/explore/lease.h"

namespace raddle::explore {

class ExplorationTree {
 public:
  using NodeId = std::int32_t;
  static constexpr NodeId kNone = -1;

  /// A part of the tree that can be leased: all that is left below a node, or the first thing that is pending at it.
  struct Part {
    NodeId node = kNone;
    bool pending = false;
    bool first = false;  // of all that is left, in depth-first order
  };

  ExplorationTree();

  /// Has everything been explored?
  bool finished() const { return node(0).open == 0; }
  /// What can be leased now, in depth-first order.
  std::vector<Part> parts() const;
  /// The first of them, for who has leased nothing. Precondition: not finished, nothing is leased.
  Part first_part() const;
  /// One with something pending, found on a way from the root that goes on with one of the `n` children in which something
  /// is left, or ends, as `choose(n, may_end)` says: with a number of 0..n-1, or with n. kNone: there is none on that way.
  /// Precondition: not finished, nothing is leased.
  template <class F>
  Part find_part(F&& choose) const;
  /// Makes several parts of one, if there is more than one thing to be done in it.
  bool split(const Part& part);

  /// Takes a part out. It must be given back, or cancelled, before the node's subtree changes.
  Lease lease(const Part& part, NodeId& root);
  void give_back(NodeId root, const LeaseResult& result);
  /// What a lease would export, at once: `v` belongs at depth `at`, above `root`, which is leased; see Elsewhere.
  engine::Step insert_above(NodeId root, engine::Step at, Sequence v);
  /// As if it had not been taken.
  void cancel(NodeId root, const Lease& lease);

  /// Executions that are still to come, at least; a part that is leased counts as one.
  std::uint64_t pending() const;
  /// Nodes that are kept, at present.
  std::size_t size() const { return live_; }

  /// For files. Precondition: nothing is leased.
  void save(engine::WireWriter& out, const engine::Engine& e) const;
  /// Throws engine::WireError.
  static ExplorationTree load(engine::WireReader& in, engine::Engine& e);

 private:
  struct Node {
    engine::Transition t;  // that leads to it
    NodeId parent = kNone, first = kNone, last = kNone, next = kNone;
    WakeupTree::Branch pending = WakeupTree::kNone;
    std::int32_t open =
        0;  // open children; and 1 for each that holds: something is pending, leased, unexplored
    engine::Step depth = 0;
    bool leased = false;
    bool unexplored = false;  // no execution has come here yet
    bool divided = false;     // not to be leased as a whole
    bool closed = false;      // its children have been forgotten: nothing can arrive here any more
  };
  const Node& node(NodeId n) const { return nodes_[static_cast<std::size_t>(n)]; }
  Node& node(NodeId n) { return nodes_[static_cast<std::size_t>(n)]; }
  NodeId add_child(NodeId parent, const engine::Transition& t);
  NodeId find_child(NodeId parent, const engine::Transition& t) const;
  void open(NodeId n);
  void close(NodeId n);
  void set_pending(NodeId n, WakeupTree::Branch b);
  bool whole(NodeId n, std::vector<Part>& parts) const;
  NodeId open_child(NodeId n) const;
  NodeId start_pending(NodeId n);
  void merge(NodeId n, const Forest& forest, std::size_t& at, std::uint32_t trees);
  engine::Step insert(NodeId n, NodeId via, Sequence v);
  engine::Step insert_pending(NodeId n, Sequence v, engine::Step decided);
  std::vector<engine::Transition> asleep_at(NodeId n) const;
  void forget_closed();
  void forget_children(NodeId n);

  std::vector<Node> nodes_;  // 0: the root
  std::vector<NodeId> free_;
  std::size_t live_ = 0;
  WakeupTree pending_;
  struct Passed {
    WakeupTree::Branch branch;
    bool entered;  // else what comes behind it was looked at
  };
  std::vector<Passed> passed_;  // by a sequence on its way down
  std::unordered_map<NodeId, std::vector<std::vector<SequenceItem>>> waiting_;  // at leased nodes
};

template <class F>
ExplorationTree::Part ExplorationTree::find_part(F&& choose) const {
  for (NodeId n = 0;;) {
    std::size_t open = 0;
    for (NodeId c = node(n).first; c != kNone; c = node(c).next) open += node(c).open != 0;
    const bool may_end = node(n).pending != WakeupTree::kNone;
    if (!open) return {may_end ? n : kNone, true, false};
    std::size_t chosen = choose(open, may_end);
    if (chosen >= open) return {n, true, false};
    n = node(n).first;
    while (node(n).open == 0 || chosen-- > 0) n = node(n).next;
  }
}

}  // namespace raddle::explore
