// --expect: what a model has to end with, good or bad, and whether it has. Plain data.
#pragma once
#include <string>
#include <vector>

#include "reports/policy.h"
#include "reports/result.h"

namespace raddle::cli {

struct Expectation {
  std::string verdict;             // "clean", "findings" (of any kind), "inconclusive"; or empty
  std::vector<std::string> kinds;  // all of these, and no errors of other kinds

  bool any() const { return !verdict.empty() || !kinds.empty(); }
  /// Errors are what is wanted: baselines have nothing to do with them.
  bool wants_errors() const { return any() && verdict != "clean"; }
  /// "deadlock and lost-update"
  std::string words() const;
};

/// The values of --expect. Throws engine::UserError.
Expectation parse_expectation(const std::vector<std::string>& values);

/// What follows from a result.
struct Judgement {
  int status = 0;       // exit status, see reports::ExitCode
  bool met = false;     // something was expected, and that is what there is
  std::string message;  // a sentence about what was expected; empty: nothing was
};

/// After apply_policy.
Judgement judge(const Expectation& expected, const reports::Result& result, const reports::Accept& accept);

}  // namespace raddle::cli
