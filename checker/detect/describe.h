// Puts an observation into words, from the recorded execution that shows it.
#pragma once
#include "checker/detect/detector.h"
#include "checker/engine/trace_recorder.h"

namespace raddle::detect {

/// The finding for `o`. Marks the events that matter in the recorder's trace, fills in the reasons of its blocked
/// threads and its explanation. Precondition: the trace is of an execution that shows `o`; `failures` are its
/// failures.
engine::TraceFinding describe(const Observation& o, Severity severity, engine::TraceRecorder& recorder,
                              const std::vector<engine::Failure>& failures, const engine::Engine& e);

}  // namespace raddle::detect
