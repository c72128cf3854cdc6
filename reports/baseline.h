// Known findings that are accepted, as a file that people read and that version control merges: raddle-baseline/1
// (docs/formats.md). They are recognised by their model and their content fingerprint.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "reports/result.h"

namespace raddle::reports {

struct AcceptedFinding {
  std::string model;  // as a path from the folder of the baseline; "-m NAME" for a module
  std::string kind;
  std::string title, place;  // for people
  std::string fingerprint;
  friend auto operator<=>(const AcceptedFinding&, const AcceptedFinding&) = default;
};

struct Baseline {
  std::vector<AcceptedFinding> findings;
};

/// The document: sorted, each finding once and on a line of its own.
std::string baseline_to_json(Baseline baseline);
/// engine::UserError unless it is a good one. `path` is for the message.
Baseline baseline_from_json(std::string_view text, const std::string& path);

void write_baseline(const std::string& path, const Baseline& baseline);
Baseline read_baseline(const std::string& path);

/// Marks the findings of this model that are accepted as suppressed, before apply_policy.
void apply_baseline(Result& result, const std::string& model, const Baseline& baseline);

/// Marks all errors that count in the same way: from now on they are accepted. Sets the verdict.
void accept_errors(Result& result);

/// What a run has to say about one model of a baseline.
struct BaselineModel {
  std::string name;
  std::vector<const Result*> results;  // of all its checks; empty: none has come to an end
};

/// Accepted findings of these models that were not found again.
struct Missing {
  AcceptedFinding finding;
  bool fixed = false;  // everything was explored
};
std::vector<Missing> missing_findings(const Baseline& baseline, std::span<const BaselineModel> models);

/// The baseline after this run: with the errors that count, or that are accepted, of these models, without those that are fixed.
/// Accepted findings of other models stay if `keep_others`.
Baseline renewed(const Baseline& before, std::span<const BaselineModel> models, bool keep_others);

}  // namespace raddle::reports
