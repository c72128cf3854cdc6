// The source files that a trace names: finding them, and knowing whether they are still what they were.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "checker/engine/trace.h"
#include "reports/model_report.h"

namespace raddle::reports {

/// Tells versions of a text apart, the same on every machine. Not made to resist an attacker.
std::string content_digest(std::string_view text);

/// The files that a trace's events, threads and findings name, each once, sorted.
std::vector<std::string> files_named_in(const engine::Trace& trace);

/// What Trace::sources says about them. Files that are not to be had are left out.
std::vector<engine::TraceSource> sources_of(const engine::Trace& trace, const SourceLookup& lookup);

/// Files as they are now: relative to the folder of the model's own file or to the current folder, those of Python's library
/// where Debian has them.
SourceLookup sources_on_disk(const std::string& model);

}  // namespace raddle::reports
