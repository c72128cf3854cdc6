// The rounds of one check: one search, or several with higher and higher bounds for the loops that keep executions from
// ending; and what they have found, with witnesses, as a report has it.
//
// Not thread-safe.
#pragma once
#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "checker/explore/checker.h"
#include "checker/explore/checkpoint.h"
#include "checker/explore/minimise.h"

namespace raddle::explore {

class Rounds {
 public:
  /// All must outlive it. `report` is filled in as rounds end.
  Rounds(engine::Engine& e, engine::Program& program, const CheckOptions& o, Inspector& inspector,
         Detectors& detectors, CheckReport& report);

  /// Explores with `strategy`. `taken`: called when the statistics of a round are taken over.
  void run(engine::Strategy& strategy, const std::function<void()>& taken = {});
  /// Goes on from where the engine and the inspector are.
  void go_on(engine::Strategy& strategy);
  /// Goes on with `state`, for which it calls `left` with what Checkpoints::resume returns. Throws engine::WireError.
  void resume(engine::Strategy& strategy, const std::string& state,
              const std::function<void(std::string)>& left, const std::function<void()>& taken = {});
  /// What samples have shown, besides the search. Its numbers stay those of the classes it has explored.
  void take_samples(const Inspector& samples);
  /// As if a search had come to this.
  void conclude(int bound) { take(bound); }

  Checkpoints& checkpoints() { return checkpoints_; }

 private:
  void learn_from(const std::string& state);
  void search(engine::Strategy& searched, const std::function<void()>& taken);
  void meet_threads();
  void note_symmetric_threads();
  bool take(int bound);
  void take_findings(const Inspector& inspector, const std::function<void(CheckedFinding)>& take_one);
  CheckedFinding short_witness(const Finding& found, bool updates_are_lost);
  void take_outcomes();
  bool time_is_over() const;
  std::vector<CheckedFinding>::iterator find(std::size_t n, const CheckedFinding& f);
  void add(CheckedFinding f, std::size_t earlier, bool too_late);

  engine::Engine& engine_;
  engine::Program& program_;
  const CheckOptions& options_;
  Inspector& inspector_;
  Detectors& detectors_;
  CheckReport& report_;
  MinimisingBudget budget_{.max_steps = options_.max_steps, .interrupt = options_.limits.interrupt};
  Checkpoints checkpoints_{options_.keeper, engine_, program_, inspector_};
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace raddle::explore
