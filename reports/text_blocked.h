// Who waits for what at the end of an execution, who holds it since when, and the cycle if there is one.
#pragma once
#include <cstddef>
#include <string>
#include <vector>

#include "checker/engine/trace.h"
#include "reports/styled_text.h"
#include "reports/trace_names.h"

namespace raddle::reports {

/// Threads that wait for one another in a circle, the one with the lowest index first; empty if there is none.
std::vector<int> wait_cycle(const engine::Trace& trace);

/// A table of the blocked threads, those in the cycle first, at most `limit` of them; then the cycle.
/// `here`: the file whose name is left out of places.
void text_blocked(StyledText& out, const engine::Trace& trace, const TraceNames& names,
                  const std::string& here, std::size_t width, std::size_t limit);

}  // namespace raddle::reports
