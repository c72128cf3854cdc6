// Results as workflow commands of GitHub Actions, which become annotations of the lines they are about. They are printed to
// standard output, where the runner reads them.
#pragma once
#include <span>
#include <string>

#include "reports/model_report.h"
#include "reports/source_paths.h"

namespace raddle::reports {

/// A line for each finding that counts, and for each model that is inconclusive or could not be checked; no more than are
/// shown of one step: ten errors, ten warnings and ten notices, the last of which says how many more there are.
std::string github_annotations(std::span<const ModelReport> models, const SourcePaths& paths);

}  // namespace raddle::reports
