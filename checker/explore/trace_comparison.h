// Comparing recorded executions event by event.
#pragma once
#include <string>

#include "checker/engine/trace.h"

namespace raddle::explore {

/// The event in one line, for people: "t1 read x -> 0 (file.py:3)". `t`: the trace that it is of.
std::string show(const engine::Trace& t, const engine::TraceEvent& x);

/// Did the same thread do the same to the same objects, with the same values, at the same line?
bool same_event(const engine::Trace& a, const engine::TraceEvent& x, const engine::Trace& b,
                const engine::TraceEvent& y);

}  // namespace raddle::explore
