// Traces in the Trace Event Format, which ui.perfetto.dev and chrome://tracing open: a process for each trace, a track for
// each thread and each lock, a microsecond for each step, arrows for what comes from another thread.
#pragma once
#include <span>
#include <string>

#include "checker/engine/trace.h"
#include "reports/model_report.h"

namespace raddle::reports {

/// All witnesses. Ends with a line break.
std::string perfetto(std::span<const ModelReport> models);
/// One trace.
std::string perfetto(const engine::Trace& trace);

}  // namespace raddle::reports
