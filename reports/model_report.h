// What reports about one or several checked models are made from. Plain data.
#pragma once
#include <cstddef>
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
  /// What it is called among several: "tests/test_shop.py::test_sell". Empty: as result.model.
  std::string name;
  /// The exit status (reports::ExitCode) of its check, with --accept and what was expected of it. None: by the result alone.
  std::optional<int> status;
  /// One sentence, of what the result does not say: why it could not be checked, or what was expected of it instead.
  std::string problem;
  /// Not empty: it was not checked, and that is fine; why.
  std::string skipped;
};

/// What a trace alone says of its model: its findings, of one execution. `path`: where it is, as the user would type it.
ModelReport report_of(const engine::Trace& trace, const std::string& path);

/// Its name, or the model's with its test and its arguments.
std::string name_of(const ModelReport& model);
/// Its exit status.
int status_of(const ModelReport& model);

/// The witness of its i-th finding, or nullptr.
const engine::Trace* witness_of(const ModelReport& model, std::size_t i);

/// Its message, with what it is about.
std::string sentence_of(const ResultFinding& finding);
/// Where it is in the program itself, and not in a library that it calls: its own location, or one of its places.
engine::TraceSite own_site_of(const ResultFinding& finding);

/// The text of a source file as traces name it, or nothing if it is not to be had.
using SourceLookup = std::function<std::optional<std::string>(const std::string& file)>;

}  // namespace raddle::reports
