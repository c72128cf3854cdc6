// From a finished search to its documents: the Result, and the witness traces as files.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/checker.h"
#include "reports/model_report.h"
#include "reports/result.h"

namespace raddle::reports {

/// What a search does not know about itself: what goes into the documents' headers.
struct SearchHeader {
  std::string model;  // as given by the user
  std::vector<std::string> arguments;
  std::string front_end;  // "python", "library"
  std::string program_hash;
  /// As in Trace::replay_command; empty: "raddle replay {trace}".
  std::string replay_command;
  /// Options that change what the model does or what is searched, in the order in which they are documented.
  std::vector<std::pair<std::string, std::string>> options;
  explore::CheckOptions search;
  /// The program's files as they were executed; empty: as they are on the disk.
  SourceLookup sources;
};

/// The result of a search, before any policy. `partial`: what the front end could not control.
Result make_result(const SearchHeader& header, const explore::CheckReport& report,
                   const std::vector<std::string>& partial = {});

/// Where traces are unless another folder is named. What is in it comes and goes.
inline constexpr const char* kTraceFolder = ".raddle";

/// Makes the folder, and those above it. A new kTraceFolder among them gets a .gitignore: a trace that was committed
/// would be gone, or another, after the next check. engine::UserError if it cannot be made.
void make_trace_folder(const std::string& folder);

/// Completes the traces' headers, and writes the witness of finding i to FOLDER/STEM-<i + 1>.json, whose path it
/// stores in the result. `required`: an unwritable folder is an engine::UserError, else a warning in the result.
void write_witnesses(const SearchHeader& header, explore::CheckReport& report, Result& result,
                     const std::string& folder, const std::string& stem, bool required);

/// Removes from FOLDER the traces STEM-<n>.json of the same model whose program was another one (by its hash) than now:
/// they cannot be replayed any more. Everything else stays, and so does what cannot be read or removed.
void remove_outdated_traces(const SearchHeader& header, const std::string& folder, const std::string& stem);

/// Bounds the loops that were bounded when the trace was recorded. Throws engine::UserError if it does not say rightly which.
void bound_loops_as_in(const engine::Trace& trace, engine::Engine& e);

/// The hidden things (engine::Hidden) that a trace's execution had made visible, from its options.
std::uint8_t revealed_in(const engine::Trace& trace);
/// Adds them to its options.
void note_revealed(engine::Trace& trace, std::uint8_t revealed);

}  // namespace raddle::reports
