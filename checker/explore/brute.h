// The reference: explores every enabled transition of every state, but each trace prefix (class of partial
// executions) only once. Exponentially slower than the reductions and deliberately simple: happens-before is computed
// from the definition, over all pairs of events, and nothing is shared with dpor.cpp and races.cpp.
#pragma once
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checker/explore/inspector.h"

namespace raddle::explore {

class Brute : public engine::Strategy {
 public:
  /// Gives up beyond `max_prefixes` trace prefixes.
  explicit Brute(Inspector& inspector, std::size_t max_prefixes = SIZE_MAX);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine&, engine::ObjectId) const override;

  bool complete() const { return complete_; }
  /// Classes by a fingerprint of their events' vector clocks, with the Inspector's fingerprint of the same class:
  /// two independent notions of "the same".
  const std::unordered_map<std::uint64_t, std::uint64_t>& classes() const { return classes_; }

 private:
  struct Event {
    engine::Transition t;
    std::int32_t index = 0;
    std::vector<engine::Tid> wakes;   // threads whose waiting it begins, ends or continues
    std::vector<std::int32_t> clock;  // by thread id
    std::uint64_t print = 0;          // of the prefix that ends with it
  };
  Event make(const engine::Engine& e, engine::Decision d) const;
  bool depends(const Event& earlier, std::size_t position, const Event& later,
               const engine::Thread& th) const;

  Inspector& inspector_;
  std::size_t max_prefixes_;
  std::vector<Event> events_;
  std::vector<std::vector<engine::Decision>> untried_;  // by depth
  std::vector<engine::Decision> script_;
  std::unordered_set<std::uint64_t> prefixes_;
  std::unordered_map<std::uint64_t, std::uint64_t> classes_;
  bool first_ = true, complete_ = false;
};

}  // namespace raddle::explore
