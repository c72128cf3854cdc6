// Threads in the order of their names: parents before their children, siblings in the order of their starts. Their ids
// are handed out as they are met, which differs between searches and processes; this order is the same in all of them.
#pragma once
#include <vector>

#include "checker/engine/engine.h"

namespace raddle::explore {

class ThreadOrder {
 public:
  /// To be called before the others below whenever threads may have been met since, and at the first step of a search.
  [[gnu::always_inline]] void look(const engine::Engine& e) {
    if (order_.size() != static_cast<std::size_t>(e.thread_count()) ||
        e.step() + static_cast<engine::Step>(e.executions()) == 0) [[unlikely]]
      update(e);
  }
  /// Is it that of their ids? Mostly it is.
  bool is_that_of_ids() const { return that_of_ids_; }
  /// All threads that have been met.
  const std::vector<engine::Tid>& all() const { return order_; }
  /// The thread's place in `all`.
  int rank(engine::Tid t) const { return ranks_[static_cast<std::size_t>(t)]; }

 private:
  void update(const engine::Engine& e);

  bool that_of_ids_ = true;
  std::vector<engine::Tid> order_;
  std::vector<int> ranks_;  // by thread
};

}  // namespace raddle::explore
