// Traces as one HTML page that needs nothing else: no network, no other file. docs/viewer.md says how to read it.
//
// The page's own files are in reports/html; here is what it is told about the traces. The same traces and sources make the
// same bytes.
#pragma once
#include <span>
#include <string>

#include "checker/engine/trace.h"
#include "reports/model_report.h"

namespace raddle::reports {

/// One trace. `path`: its file, as the user would type it; empty: it has none. The sources are those that the trace was
/// recorded with, or the page says that they have changed or are missing.
std::string html_page(const engine::Trace& trace, const std::string& path, const SourceLookup& sources);

/// The findings of one or several models, after apply_policy. Each with its witness, if there is one.
std::string html_page(std::span<const ModelReport> models, const SourceLookup& sources);

}  // namespace raddle::reports
