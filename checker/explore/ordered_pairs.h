// Which accesses to memory have been seen one after the other: pairs of places of the program, at least one of which
// writes, executed by different threads on the same variable with no conflicting access between them. A pair whose
// opposite has never been seen may stand for an order that nobody has tried, or that the program forbids.
//
// A function of the class of an execution: who counts classes has to look at one of each only.
#pragma once
#include <cstdint>
#include <utility>
#include <vector>

#include "checker/engine/flat_map.h"
#include "checker/engine/history.h"

namespace raddle::explore {

class OrderedPairs {
 public:
  /// Digests of the pair and of its opposite, the same in all processes.
  using Pair = std::pair<std::uint64_t, std::uint64_t>;

  void add(const engine::History& history);
  void add(Pair pair);
  void clear();

  /// Of two different places.
  std::uint64_t size() const { return all_.size(); }
  /// Two pairs that are opposite to each other count as one.
  std::uint64_t in_both_orders() const { return in_both_orders_; }
  const std::vector<Pair>& all() const { return all_; }

 private:
  engine::FlatMap<engine::Nothing> known_;
  std::vector<Pair> all_;  // in the order in which they were met
  std::uint64_t in_both_orders_ = 0;
};

}  // namespace raddle::explore
