// What reports about one or several checked models are made from. Plain data.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/trace.h"
#include "reports/result.h"

namespace raddle::reports {

/// A checked model, with the witnesses of its findings.
struct ModelReport {
  Result result;
  /// As many as result.findings, in the same order; empty: there is none.
  std::vector<std::optional<engine::Trace>> witnesses;
};

/// The text of a source file as traces name it, or nothing if it is not to be had.
using SourceLookup = std::function<std::optional<std::string>(const std::string& file)>;

}  // namespace raddle::reports
