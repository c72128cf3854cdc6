// What the user wants to fail on, and what follows from a result: its verdict and the exit code of the program.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "reports/result.h"

namespace raddle::reports {

/// Exit codes of the program raddle.
enum ExitCode : int {
  kExitClean = 0,         // no finding of error severity, and the search that was asked for has finished
  kExitFindings = 1,      // a finding of error severity
  kExitBadInput = 2,      // bad input: an engine::UserError; there is no result
  kExitInconclusive = 3,  // the search did not come as far as it was asked to
};

/// --accept: which reasons for "inconclusive" are fine.
struct Accept {
  bool bounded = false, sampled = false, partial = false;
};

/// --ignore KIND[:PLACE]. PLACE is a file (or the end of its path), FILE:LINE, or the name of an object or thread.
struct IgnoreRule {
  std::string kind;   // "*": all
  std::string place;  // empty: everywhere
};

struct Policy {
  std::vector<std::string> fail_on;  // kinds that are errors
  std::vector<IgnoreRule> ignore;    // stronger than fail_on and strict
  bool strict = false;               // warnings are errors
};

/// From the values of --accept, --ignore and --fail-on; engine::UserError if one means nothing.
Accept parse_accept(const std::vector<std::string>& values);
IgnoreRule parse_ignore(std::string_view value);
std::string parse_fail_on(std::string_view value);

/// Whether the rule is about this finding.
bool matches(const IgnoreRule& rule, const ResultFinding& finding);

/// Adjusts severities, marks what is ignored as suppressed, and sets the verdict.
void apply_policy(Result& result, const Policy& policy);

/// Why the result says less than the user asked for, as words of --accept ("bounded", "sampled", "partial") or
/// "cut" or "failed", which cannot be accepted. Empty: the search that was asked for has finished.
std::vector<std::string_view> shortfalls(const Result& result);

/// "findings" if one of error severity counts, else "inconclusive" if there are shortfalls, else "clean".
std::string_view verdict_of(const Result& result);

/// The exit code of `raddle check` (and of a C++ test program), after apply_policy.
int exit_code(const Result& result, const Accept& accept = {});

/// The exit code of `raddle replay` for a trace that recorded a finding (of any severity) or none.
int replay_exit_code(const engine::Trace& trace, bool diverged);

}  // namespace raddle::reports
