#include "reports/result.h"

#include "reports/trace_names.h"

namespace raddle::reports {

ResultFinding summarize(const engine::Trace& trace, const engine::TraceFinding& finding, std::uint64_t count,
                        std::string trace_path) {
  constexpr std::size_t kPlaceWidth = 100;
  TraceNames names(trace);
  ResultFinding summary;
  summary.kind = finding.kind;
  summary.severity = finding.severity;
  summary.message = finding.message;
  summary.title = finding.title;
  summary.site = finding.site;
  for (int thread : finding.threads) summary.threads.push_back(names.thread(thread));
  for (int object : finding.objects) summary.objects.push_back(names.object(object));
  for (int step : finding.steps) {
    if (step < 1 || static_cast<std::size_t>(step) > trace.events.size()) continue;
    const engine::TraceEvent& event = trace.events[static_cast<std::size_t>(step) - 1];
    summary.places.push_back({names.thread(event.thread), names.describe(event, kPlaceWidth), event.site});
  }
  summary.detail = finding.detail;
  summary.fingerprint = finding.fingerprint;
  summary.count = count;
  summary.trace = std::move(trace_path);
  return summary;
}

}  // namespace raddle::reports
