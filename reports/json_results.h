// The results of several models as one file: raddle-results/1, specified in docs/formats.md and
// docs/schemas/raddle-results-1.schema.json. Deterministic as single results are.
#pragma once
#include <span>
#include <string>
#include <vector>

#include "reports/result.h"

namespace raddle::reports {

/// What became of one model.
struct ModelSummary {
  std::string name;                // as it is called in the output
  int exit_code = 0;               // that it would have alone
  std::string expected;            // what it had to end with, in words; empty: nothing in particular
  std::string error;               // why it could not be checked, or something not be written; empty: nothing
  const Result* result = nullptr;  // null: there is none
};

/// The document.
std::string results_to_json(int exit_code, std::span<const ModelSummary> models);

}  // namespace raddle::reports
