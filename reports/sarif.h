// Results as SARIF 2.1.0 (Static Analysis Results Interchange Format), for code scanning and editors: one run for all
// models, a rule for each kind of finding, the witness as a code flow with one thread flow for each thread.
#pragma once
#include <span>
#include <string>

#include "reports/model_report.h"
#include "reports/source_paths.h"

namespace raddle::reports {

/// Within what code scanning services accept: what is cut says so in its properties. Ends with a line break.
std::string sarif(std::span<const ModelReport> models, const SourceLookup& source, const SourcePaths& paths);

}  // namespace raddle::reports
