// The options of `raddle check`: as typed, and what they mean.
#pragma once
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/checkpoint_file.h"
#include "checker/cli/command.h"
#include "checker/cli/model.h"
#include "checker/cli/outputs.h"
#include "checker/cli/progress.h"
#include "checker/cli/terminal.h"
#include "checker/explore/checker.h"
#include "reports/policy.h"
#include "reports/result.h"

namespace raddle::cli {

/// Everything `raddle check` was asked to do.
struct CheckRequest {
  ModelSpec model;
  explore::CheckOptions search;
  /// What was given and changes what the model does or what is searched, for reports and traces.
  Options given;
  reports::Policy policy;
  reports::Accept accept;
  std::string report;  // empty: none
  OutputFiles outputs;
  std::string graph;  // of what is explored; empty: none
  std::string trace_folder;
  bool trace_folder_given = false;  // must it be writable?
  std::chrono::nanoseconds watchdog{};
  bool list_outcomes = false;
  std::string heading;  // not empty: one of several, what it is called in the output
  bool quiet = false;
  ProgressKind progress = ProgressKind::Auto;
  bool show_output = false;
  Colour colour = Colour::Auto;
  std::string checkpoint;  // where the state of the search is kept; empty: nowhere
  std::chrono::nanoseconds checkpoint_interval{};
  std::vector<std::string> typed;           // all of it, behind "raddle check"
  std::optional<SavedSearch> resumed;       // to go on with
  std::vector<explore::ShardState> shards;  // not empty: nothing is searched, these are put together
  std::string program_hash, input_hash;     // of what they have explored
  double seconds = 0;                       // that they took
};

/// What was typed behind "raddle check", an earlier time. Throws engine::UserError.
CheckRequest parse_check(const std::vector<std::string>& typed);

class CheckOptionTexts {
 public:
  void declare(CLI::App& app);
  void set_model_arguments(std::vector<std::string> arguments) { arguments_ = std::move(arguments); }
  /// Throws engine::UserError for values that mean nothing.
  CheckRequest parse() const;

 private:
  void parse_search(CheckRequest& request) const;

  std::string model_, module_, stdin_;
  std::vector<std::string> arguments_, instrument_;
  std::string strategy_, runs_, time_, clock_ = "free", timeouts_ = "any", seed_, depth_, preemptions_,
                                       delays_, max_steps_, loop_bound_, jobs_, alone_, shard_, knowing_,
                                       atomicity_ = "bytecode";
  std::string report_, graph_, trace_dir_, checkpoint_, interval_ = "30s", progress_ = "auto",
                                                        watchdog_ = "5s", colour_ = "auto";
  std::vector<std::string> accept_, fail_on_, ignore_, expect_output_;
  OutputFiles outputs_;
  bool fine_ = false, outcomes_ = false, all_ = false, strict_ = false, quiet_ = false, show_output_ = false;
};

/// A result that --report has written for a shard. Throws engine::UserError.
reports::Result read_shard(const std::string& path);

/// The options that say where results go, for a search that was begun by another command.
class MergeOptionTexts {
 public:
  void declare(CLI::App& app, const char* group);
  /// Changes what was asked for then. Throws engine::UserError.
  void change(CheckRequest& request) const;

 private:
  std::string report_, trace_dir_, progress_, colour_;
  OutputFiles outputs_;
  bool quiet_ = false;
};

/// The options with which a search goes on.
class ResumeOptionTexts {
 public:
  void declare(CLI::App& app, const char* group);
  void change(CheckRequest& request) const;

 private:
  std::string time_, runs_, jobs_, interval_;
  bool all_ = false;
  MergeOptionTexts output_;
};

// Shared with replay.
inline constexpr const char* kWatchdogHelp =
    "how long the model may run without an operation that other threads could notice, before it is "
    "interrupted "
    "(default 5s; off: for ever)";
inline constexpr const char* kColourHelp = "auto (default: if standard output is a terminal), always, never";
inline constexpr const char* kFineHelp =
    "methods of queues, events, semaphores and conditions are not one step each, but what their code in the "
    "library does";
std::chrono::nanoseconds parse_watchdog(const std::string& text);

}  // namespace raddle::cli
