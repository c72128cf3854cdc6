#include "checker/explore/conclusions.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/determinism.h"
#include "checker/explore/lock_order_search.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr const char* kNotRepeated = "the model did not do the same again";

bool is_about(const CheckedFinding& deadlock, const CheckedFinding& cycle) {
  auto names = [](const CheckedFinding& f) {
    std::vector<std::string> ids;
    for (int o : f.finding.objects) ids.push_back(f.trace.objects[static_cast<std::size_t>(o)].id);
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  const auto locks = names(deadlock), wanted = names(cycle);
  return std::includes(locks.begin(), locks.end(), wanted.begin(), wanted.end());
}

}  // namespace

void settle_lock_orders(Engine& e, Program& program, const CheckOptions& o, CheckReport& report) {
  const std::string kind = name(detect::Kind::LockOrder);
  auto first = std::stable_partition(report.findings.begin(), report.findings.end(),
                                     [&](const CheckedFinding& f) { return f.finding.kind != kind; });
  std::vector<CheckedFinding> cycles(std::make_move_iterator(first),
                                     std::make_move_iterator(report.findings.end()));
  report.findings.erase(first, report.findings.end());
  const bool complete =
      report.statistics.stop == StopReason::Exhausted && !report.statistics.truncated && !report.left_out;
  const bool crashed = report.statistics.stop == StopReason::Crashed;
  for (CheckedFinding& cycle : cycles) {
    auto shown = [&](const CheckedFinding& f) {
      return f.finding.kind == name(detect::Kind::Deadlock) && is_about(f, cycle);
    };
    if (std::any_of(report.findings.begin(), report.findings.end(), shown)) continue;
    if (complete) {
      cycle.finding.severity = name(detect::Severity::Note);
      cycle.finding.message += " No interleaving of this program makes them wait for each other.";
    } else if (auto deadlock =
                   crashed ? std::nullopt
                           : confirm_lock_order(e, program, cycle, o.limits, report.statistics.discarded)) {
      report.findings.push_back(std::move(*deadlock));
      continue;
    } else {
      cycle.finding.message += " No execution so far made them wait for each other.";
    }
    cycle.trace.findings = {cycle.finding};
    report.findings.push_back(std::move(cycle));
  }
}

// A search that has noticed it ends there; one that has not may still rest on it.
void verify_determinism(Engine& e, Program& program, const Inspector& inspector, CheckReport& report) {
  Statistics& s = report.statistics;
  const bool noticed = s.abort_reason.starts_with(kNotRepeated);
  if (s.stop == StopReason::Time || s.stop == StopReason::Interrupted || s.stop == StopReason::Crashed)
    return;
  if (s.stop == StopReason::Aborted && !noticed) return;
  const std::string divergence = name(detect::Kind::Divergence);  // ends when the watchdog says so
  for (const CheckedFinding& f : report.findings)
    if (f.finding.kind == divergence) return;
  const std::string difference =
      find_nondeterminism(e, program, noticed ? report.last_schedule : inspector.first_schedule());
  if (difference.empty()) return;
  s.stop = StopReason::Aborted;
  s.abort_reason = std::string(kNotRepeated) + ": " + difference;
}

void drop_unrepeated(CheckReport& report) {
  const auto unrepeated = std::stable_partition(report.findings.begin(), report.findings.end(),
                                                [](const CheckedFinding& f) { return f.repeated; });
  if (unrepeated == report.findings.end()) return;
  Statistics& s = report.statistics;
  if (s.stop != StopReason::Aborted) {
    s.stop = StopReason::Aborted;
    s.abort_reason = std::string(kNotRepeated) + ": execution " +
                     std::to_string(unrepeated->first_execution) + " has shown an error (" +
                     unrepeated->finding.kind + "), and under the same schedule another one has not";
  }
  report.findings.erase(unrepeated, report.findings.end());
}

}  // namespace raddle::explore
