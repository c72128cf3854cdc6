// The options of `raddle check`: as typed, and what they mean.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/cli/checkpoint_file.h"
#include "checker/cli/command.h"
#include "checker/cli/expectation.h"
#include "checker/cli/model.h"
#include "checker/cli/outputs.h"
#include "checker/cli/progress.h"
#include "checker/cli/terminal.h"
#include "checker/explore/checker.h"
#include "reports/baseline.h"
#include "reports/model_report.h"
#include "reports/policy.h"
#include "reports/result.h"

namespace raddle::cli {

/// What the process that checks a model hands to the one that asked for it.
struct CheckedModel {
  reports::ModelReport report;            // after the policy
  std::vector<std::string> source_files;  // as Model::source_files
  std::string unwritten;                  // why a file could not be written; or empty
};

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
  Expectation expected;
  std::string baseline, write_baseline;               // paths; empty: none
  std::shared_ptr<const reports::Baseline> accepted;  // of the first, once it is read; may be null
  std::string baseline_model;                         // what the model is called in it
  bool keep_traces = true;
  std::string trace_stem;  // of the names of traces; empty: that of the model
  /// Not empty: nothing is printed and no report is written. This is called instead, in the process that searches, or in the one
  /// that has lost it.
  std::function<void(const CheckedModel&)> deliver;
  std::string heading;  // not empty: one of several, what it is called in the output
  bool quiet = false;
  ProgressKind progress = ProgressKind::Auto;
  ProgressModel progress_of;  // one of several, checked one after another
  /// Not empty: instead of that, told twice a second in the process that searches, on another OS thread.
  std::function<void(const ProgressState&)> tell_progress;
  bool show_output = false;
  Colour colour = Colour::Auto;
  std::string checkpoint;              // where the state of the search is kept; empty: nowhere
  std::vector<std::string> also_read;  // files besides the model, its input and the baseline
  std::chrono::nanoseconds checkpoint_interval{};
  std::vector<std::string> typed;           // all of it, behind "raddle check"
  std::optional<SavedSearch> resumed;       // to go on with
  std::vector<explore::ShardState> shards;  // not empty: nothing is searched, these are put together
  std::string program_hash, input_hash;     // of what they have explored
  double seconds = 0;                       // that they took
};

/// What was typed behind "raddle check", an earlier time. Throws engine::UserError.
CheckRequest parse_check(const std::vector<std::string>& typed);
/// The same for this model, whatever models were typed.
CheckRequest parse_check(const std::vector<std::string>& typed, const std::string& model);

class CheckOptionTexts {
 public:
  void declare(CLI::App& app);
  void set_model_arguments(std::vector<std::string> arguments) { arguments_ = std::move(arguments); }
  /// Throws engine::UserError for values that mean nothing.
  CheckRequest parse() const;
  /// The same for one of models().
  CheckRequest parse(const std::string& model) const;
  /// What was given to check, besides a module.
  const std::vector<std::string>& models() const { return models_; }
  const std::string& module() const { return module_; }
  const std::string& project() const { return project_; }
  bool has_model_arguments() const { return !arguments_.empty(); }

 private:
  void parse_search(CheckRequest& request) const;

  std::string module_, stdin_, project_, baseline_, write_baseline_;
  std::vector<std::string> models_, arguments_, instrument_, expect_;
  std::string strategy_, order_ = "mixed", runs_, time_, clock_ = "free", timeouts_ = "any", seed_, depth_,
                         preemptions_, delays_, max_steps_, loop_bound_, jobs_, alone_, shard_, knowing_,
                         atomicity_ = "bytecode";
  std::string report_, graph_, trace_dir_, checkpoint_, interval_ = "30s", progress_ = "auto",
                                                        watchdog_ = "5s", colour_ = "auto";
  std::vector<std::string> accept_, fail_on_, ignore_, expect_output_;
  OutputFiles outputs_;
  bool fine_ = false, outcomes_ = false, all_ = false, symmetric_ = false, strict_ = false, quiet_ = false,
       show_output_ = false;
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
