// Results as JUnit XML, which continuous integration shows as a list of tests: one test case for each model.
#pragma once
#include <span>
#include <string>

#include "reports/model_report.h"
#include "reports/source_paths.h"

namespace raddle::reports {

/// A failure where errors were found, an error where it is inconclusive or could not be checked.
std::string junit(std::span<const ModelReport> models, const SourcePaths& paths);

}  // namespace raddle::reports
