// What minimising and explaining the findings of a search may cost.
//
// It is counted in executions, so that the same finding gets the same witness however busy the machine is. The clocks
// are there for models that are very slow: one of the time that this process has worked, and one for models that wait
// for something outside.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <ctime>

#include "checker/engine/engine.h"
#include "checker/explore/knowledge.h"

namespace raddle::explore {

using Seconds = std::chrono::duration<double>;

/// Shared by all findings of a search.
struct MinimisingBudget {
  std::uint64_t executions = 30000;
  std::uint64_t per_finding = 4000;
  Seconds worked{6};  // by this process
  Seconds worked_per_finding{2};
  Seconds waited{30};  // by those who look at it
  Seconds waited_per_finding{10};
  engine::Step max_steps = 20000;  // of the search
  const std::atomic<bool>* interrupt = nullptr;
};

/// One finding's share of the budget. While it is there, executions are limited to about twice the finding's, and what
/// the search has learnt is kept as it is.
class Purse {
 public:
  Purse(engine::Engine& e, engine::Program& program, MinimisingBudget& budget, std::size_t steps)
      : engine_(e), budget_(budget), left_(budget.per_finding), kept_(e, program) {
    e.set_max_steps(std::min(budget.max_steps, 2 * static_cast<engine::Step>(steps) + 1000));
  }
  ~Purse() {
    engine_.set_max_steps(budget_.max_steps);
    budget_.worked -= worked();
    budget_.waited -= waited();
  }
  Purse(const Purse&) = delete;
  Purse& operator=(const Purse&) = delete;

  /// Takes one execution. false: there is none left.
  bool spend() {
    if (!left_ || !budget_.executions || is_over() ||
        (budget_.interrupt && budget_.interrupt->load(std::memory_order_relaxed)))
      return false;
    --left_;
    --budget_.executions;
    return true;
  }
  std::uint64_t left() const { return left_; }

 private:
  bool is_over() const {
    return worked() >= std::min(budget_.worked, budget_.worked_per_finding) ||
           waited() >= std::min(budget_.waited, budget_.waited_per_finding);
  }
  Seconds worked() const { return Seconds(static_cast<double>(std::clock() - clock_) / CLOCKS_PER_SEC); }
  Seconds waited() const { return std::chrono::steady_clock::now() - start_; }

  engine::Engine& engine_;
  MinimisingBudget& budget_;
  std::uint64_t left_;
  const KnowledgeKept kept_;
  const std::clock_t clock_ = std::clock();
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace raddle::explore
