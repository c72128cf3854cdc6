#include "checker/explore/recorded_search.h"

#include <algorithm>

#include "checker/engine/engine.h"

namespace raddle::explore {

using engine::Engine;

bool RecordedSearch::begin(Engine& e) {
  const bool more = search_.begin(e);
  recorder_.restart();
  e.set_recorder(more && !executions_.too_many ? &recorder_ : nullptr);
  return more;
}

void RecordedSearch::end(Engine& e, engine::Outcome outcome) {
  const std::uint64_t before = inspector_.statistics().executions;
  search_.end(e, outcome);
  if (executions_.too_many || inspector_.ended_in_haste()) return;
  if (executions_.all.size() == executions_.limit) {
    executions_.too_many = true;
    executions_.all = {};
    return;
  }
  recorder_.finish(e, outcome);
  RecordedExecution& x = executions_.all.emplace_back();
  x.trace = std::move(recorder_.trace());
  const std::uint64_t now = inspector_.statistics().executions;
  x.counts = now > before;
  if (!x.counts) return;
  for (const Finding& f : inspector_.findings())
    if (f.last_execution == now) x.found.emplace_back(f.observation.kind, f.severity());
  std::sort(x.found.begin(), x.found.end());
  x.found.erase(std::unique(x.found.begin(), x.found.end()), x.found.end());
}

void RecordedSearch::restart(Engine& e) {
  search_.restart(e);
  recorder_.restart();
  executions_.all.clear();
  executions_.too_many = false;
}

}  // namespace raddle::explore
