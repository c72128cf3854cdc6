// Stopping in a debugger at a step of a trace that is replayed: the environment variable RADDLE_BREAK.
#pragma once
#include <optional>

#include "checker/engine/trace.h"
#include "checker/explore/breakpoint.h"

namespace raddle::api {

/// Whether RADDLE_BREAK asks for anything.
bool is_break_wanted();

/// What it asks for in a replay of `trace`: SIGTRAP in the thread that performs the step. None: nothing. Throws
/// engine::UserError if it is no step of the trace, and if SIGTRAP would only end the process, for want of a debugger.
std::optional<explore::Breakpoint> wanted_breakpoint(const engine::Trace& trace);

}  // namespace raddle::api
