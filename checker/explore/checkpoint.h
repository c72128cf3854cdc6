// Keeping the state of a search, so that another process can go on with it: what has been counted and found in it and
// in the rounds before it (checker.cpp), what the front end has learnt, and what is left, as the strategy puts it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/explore/inspector.h"

namespace raddle::explore {

/// Where states are kept: whoever starts the search knows.
class Keeper {
 public:
  virtual ~Keeper() = default;
  /// Is it time to keep the state again? Asked between executions: must be quick.
  virtual bool due() = 0;
  /// Replaces what was kept before.
  virtual void keep(const std::string& state) = 0;
};

class Checkpoints {
 public:
  /// `keeper`: may be null; then nothing is kept. All must outlive it.
  Checkpoints(Keeper* keeper, engine::Engine& e, engine::Program& program, Inspector& inspector);

  /// Goes on with a state that was kept: for each round that is over calls `over` when the inspector and the engine are
  /// as they were at its end, and then makes them as they were in the round that is not. Returns what its strategy has
  /// to go on with. Throws engine::WireError.
  std::string resume(std::string_view state, const std::function<void()>& over);

  bool any() const { return keeper_; }
  bool due() const { return keeper_ && keeper_->due(); }
  /// Between executions. `left`: what the strategy wants to get back from `resume`. Of an execution that was cut because the
  /// search is to end nothing is kept (Inspector::before_cut).
  void keep(std::string_view left);
  /// The round has been explored to its end, another one follows.
  void end_round() {
    if (keeper_) over_.push_back(round());
  }

  // --- for searches in parts
  /// What this one has counted, found and learnt.
  std::string round() const;
  /// Starts from that; or adds it to what is there. Throws engine::WireError.
  void restore(std::string_view round);
  void add(std::string_view round);

 private:
  Keeper* keeper_;
  engine::Engine& engine_;
  engine::Program& program_;
  Inspector& inspector_;
  std::vector<std::string> over_;
  std::string before_cut_;  // the round, as it was then
};

}  // namespace raddle::explore
