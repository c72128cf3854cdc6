// What a finding is recognised by when the model has changed elsewhere: its kind, and of each place the file, the
// function and what the line says. Not the line's number.
#pragma once
#include <string>

#include "reports/inline_ignore.h"
#include "reports/result.h"

namespace raddle::reports {

/// Sixteen hexadecimal digits.
std::string content_fingerprint(const ResultFinding& finding, const SourceLine& line_of);

/// A place in words that say nothing of line numbers: "bank.py, withdraw: balance -= amount".
std::string context_of(const engine::TraceSite& site, const SourceLine& line_of);

/// Sets ResultFinding::content_fingerprint and ::context of all findings.
void describe_content(Result& result, const SourceLine& line_of);

}  // namespace raddle::reports
