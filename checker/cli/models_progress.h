// How far the checks of several models have come, which run in processes of their own: on a line of the terminal, or as
// lines of JSON. Has no thread: who waits for the processes calls show() now and then.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checker/cli/progress.h"

namespace raddle::cli {

/// A model that is being checked.
struct RunningModel {
  std::string name;
  ProgressState state;
};

/// "3 of 12 models, 45,678 executions, 4,115/s, 12 s; cache.py: 1,234 executions, 617/s, 2 s of 60 s; bank.py". `all`: of those that
/// are through, and those that run.
std::string models_progress_text(std::size_t done, std::size_t models, const ProgressState& all,
                                 const std::vector<RunningModel>& running);

class ModelsProgress {
 public:
  /// Throws engine::UserError if there is no memory to share.
  ModelsProgress(ProgressKind kind, std::vector<std::string> names);
  ~ModelsProgress();
  ModelsProgress(const ModelsProgress&) = delete;
  ModelsProgress& operator=(const ModelsProgress&) = delete;

  /// What the check of this model is to be told with (CheckRequest::tell_progress), in its process; empty if nothing is shown.
  std::function<void(const ProgressState&)> teller(std::size_t model) const;
  void begun(std::size_t model);
  void ended(std::size_t model, std::uint64_t executions);

  /// When to call show() next; steady_clock::time_point::max(): never.
  std::chrono::steady_clock::time_point next() const { return next_; }
  void show();
  /// Before anything else is printed: the line disappears, until show() is called again.
  void hide();

 private:
  struct Slot;
  ProgressState state_of(std::size_t model) const;

  const std::vector<std::string> names_;
  bool json_ = false, shown_ = false;
  std::chrono::steady_clock::time_point start_, next_;
  Slot* slots_ = nullptr;  // shared with the processes; null: nothing is shown
  std::vector<std::size_t> running_;
  std::size_t done_ = 0;
  std::uint64_t executions_ = 0;  // of those that are done
};

}  // namespace raddle::cli
