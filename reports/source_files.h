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

/// Files of a compiled program as they are now, which it names as the compiler was told: relative ones to the current folder, or to one
/// that the program is in or below, as build folders are. `program`: its path as it was typed.
SourceLookup sources_of_program(const std::string& program);

}  // namespace raddle::reports
