// A result for people: a block for each finding, warnings and notes in a line each, what was explored, and what to do
// next. The same result is always the same text, seconds aside.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "checker/engine/trace.h"
#include "reports/policy.h"
#include "reports/result.h"
#include "reports/text_trace.h"

namespace raddle::reports {

struct ResultTextOptions {
  TextOptions trace;  // width and colour are used for everything; path is taken from each finding
  Accept accept;      // what is not worth mentioning as a reason for "inconclusive"
  std::size_t max_blocks =
      5;  // findings of error severity that are shown with their trace; the others get a line
  std::size_t max_lines = 10;  // of each severity
  std::size_t max_outcomes = 20;
  bool command_line = true;  // whoever reads it can give `raddle check` other options
};

/// The witness of a finding, or nullptr if there is none.
using TraceLookup = std::function<const engine::Trace*(const ResultFinding&)>;

/// What `raddle check` prints. Ends with a line break.
std::string text_result(const Result& result, const TraceLookup& trace_of,
                        const ResultTextOptions& options = {});

/// The line after the findings, never broken: "4 of 4 executions explored (complete), 2 lose an update, 0.00 s".
std::string summary_line(const Result& result);

/// 1234567 -> "1,234,567"
std::string grouped(std::uint64_t number);

/// What was explored: "complete", "bounded(8): ...", "sampled(10000): ...", "cut: ...".
std::string coverage_text(const Coverage& coverage);

}  // namespace raddle::reports
