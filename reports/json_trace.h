// Traces as files: raddle-trace/1, specified in docs/formats.md and docs/schemas/raddle-trace-1.schema.json.
//
// The same trace is always the same bytes. What is read has been checked: whoever uses a trace from a file may rely
// on its indices and steps, though not on its making sense.
#pragma once
#include <string>
#include <string_view>

#include "checker/engine/trace.h"

namespace raddle::reports {

/// The document.
std::string trace_to_json(const engine::Trace& trace);

/// The trace in a document; engine::UserError if it is not a good one. `path` is for the message.
engine::Trace trace_from_json(std::string_view text, const std::string& path);

/// To and from a file. Writing is atomic (atomic_file.h); both throw engine::UserError.
void write_trace(const std::string& path, const engine::Trace& trace);
engine::Trace read_trace(const std::string& path);

}  // namespace raddle::reports
