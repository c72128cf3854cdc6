// What the marks of a trace's events, and the failure it ends with, are called in texts for people.
#pragma once
#include <string>

#include "checker/engine/trace.h"
#include "reports/trace_names.h"

namespace raddle::reports {

/// What the event has to do with the finding: "loses t1's update"; empty if there is nothing to say. `full`: also what
/// the finding's message says anyhow.
std::string mark_words(const engine::Trace& trace, const engine::TraceEvent& event, const TraceNames& names,
                       bool full);

/// What the finding says about its thread, if it is one that ends there: "assertion fails"; else empty.
std::string failure_words(const engine::TraceFinding& finding);

}  // namespace raddle::reports
