// Wakeup trees: the sequences that still have to be explored from a node, as ordered forests of transitions. All
// branches of a search live in one pool; a finished branch's storage is reused, so memory is what is pending.
#pragma once
#include <cstdint>
#include <vector>

#include "checker/engine/history.h"

namespace raddle::explore {

class WakeupTree {
 public:
  using Branch = std::int32_t;
  static constexpr Branch kNone = -1;

  struct Node {
    engine::Transition t;
    Branch next = kNone;   // next sibling, in order of exploration
    Branch child = kNone;  // first of what follows
  };

  const Node& operator[](Branch b) const { return nodes_[static_cast<std::size_t>(b)]; }

  Branch add(const engine::Transition& t) {
    if (++live_ > peak_) peak_ = live_;
    Branch b = free_;
    if (b != kNone) {
      free_ = node(b).next;
    } else {
      b = static_cast<Branch>(nodes_.size());
      nodes_.emplace_back();
    }
    node(b) = {t, kNone, kNone};
    return b;
  }
  void set_next(Branch b, Branch next) { node(b).next = next; }
  void set_child(Branch b, Branch child) { node(b).child = child; }
  void release(Branch b) {
    node(b).next = free_;
    free_ = b;
    --live_;
  }
  /// The tree that starts at `b`, its siblings behind it, and all that is below them.
  void release_trees(Branch b) {
    while (b != kNone) {
      const Branch next = node(b).next;
      release_trees(node(b).child);
      release(b);
      b = next;
    }
  }
  /// How many leaves there are in all trees from `b` on: each stands for at least one execution.
  std::uint64_t leaves(Branch b) const {
    std::uint64_t n = 0;
    std::vector<Branch> left;
    for (; b != kNone || !left.empty(); b = nodes_[static_cast<std::size_t>(b)].child) {
      if (b == kNone) {
        b = left.back();
        left.pop_back();
      }
      const Node& node = nodes_[static_cast<std::size_t>(b)];
      if (node.next != kNone) left.push_back(node.next);
      n += node.child == kNone;
    }
    return n;
  }
  void clear() {
    nodes_.clear();
    free_ = kNone;
    live_ = 0;
  }
  std::uint64_t peak() const { return peak_; }
  std::size_t bytes() const { return nodes_.capacity() * sizeof(Node); }

 private:
  Node& node(Branch b) { return nodes_[static_cast<std::size_t>(b)]; }

  std::vector<Node> nodes_;
  Branch free_ = kNone;
  std::uint64_t live_ = 0, peak_ = 0;
};

}  // namespace raddle::explore
