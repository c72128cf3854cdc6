// Files with the state of a search (docs/formats.md: raddle-checkpoint/1), written by `raddle check --checkpoint` and
// read by `raddle resume`.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/error.h"
#include "checker/explore/checkpoint.h"

namespace raddle::cli {

/// What such a file says.
struct SavedSearch {
  std::string model;                 // for people
  std::string program_hash;          // of the program that is checked
  std::string input_hash;            // content_hash of its standard input
  std::vector<std::string> command;  // what was typed behind "raddle check"
  double seconds = 0;                // spent so far
  std::string state;                 // as Keeper::keep got it
};

/// Throws engine::UserError for what is no such file, is damaged, or was written by another version of raddle.
SavedSearch read_checkpoint(const std::string& path);

/// Keeps states in a file, each instead of the one before.
class CheckpointFile : public explore::Keeper {
 public:
  /// `search`: all but its state; `interval`: between two states.
  CheckpointFile(std::string path, std::chrono::nanoseconds interval, SavedSearch search);

  bool due() override { return Clock::now() >= next_; }
  void keep(const std::string& state) override;
  /// What became of the last attempt: nothing, written, or why not.
  bool written() const { return written_; }
  const std::optional<engine::UserError>& error() const { return error_; }

 private:
  using Clock = std::chrono::steady_clock;

  const std::string path_;
  const std::chrono::nanoseconds interval_;
  SavedSearch search_;
  const double seconds_before_;
  const Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + interval_;
  bool written_ = false;
  std::optional<engine::UserError> error_;
};

}  // namespace raddle::cli
