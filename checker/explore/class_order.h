// The partial order of one execution's events: which of them have to come before which in every schedule of its class.
#pragma once
#include <vector>

#include "checker/explore/inspector.h"
#include "checker/explore/races.h"

namespace raddle::explore {

class ClassOrder {
 public:
  ClassOrder() = default;
  /// Of the execution that is in the history. `schedule`: its decisions by name.
  ClassOrder(const engine::Engine& e, const engine::History& history, const Races& races,
             const std::vector<NamedChoice>& schedule);

  std::size_t size() const { return size_; }
  /// Is `d` one of the class's events, with all that comes before it in `history`? A thread's ids are those of one search.
  bool allows(const engine::History& history, engine::Decision d) const;
  /// A schedule of the class in which each thread goes on as long as it can, beginning with thread `first`. Not
  /// always one with the fewest preemptions.
  std::vector<NamedChoice> long_runs(engine::Tid first) const;
  engine::Tid threads() const { return static_cast<engine::Tid>(events_.size()); }

 private:
  struct Event {
    NamedChoice choice;
    engine::Alternative alt = 0;
    std::vector<std::int32_t> clock;  // by thread, how many of its events come before
  };
  static bool before(const Event& e, engine::Tid me, const std::vector<std::int32_t>& executed);

  std::vector<std::vector<Event>> events_;  // of each thread
  std::size_t size_ = 0;
};

}  // namespace raddle::explore
