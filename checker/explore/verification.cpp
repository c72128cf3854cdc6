#include "checker/explore/verification.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "checker/detect/describe.h"
#include "checker/engine/error.h"
#include "checker/explore/trace_comparison.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

using namespace engine;

namespace {

/// The kind, where one execution alone proves nothing.
std::string proven(const std::string& kind) {
  return kind == name(detect::Kind::Atomicity) ? name(detect::Kind::LostUpdate) : kind;
}

}  // namespace

std::vector<NamedChoice> named_schedule(const Trace& t, const std::vector<TraceChoice>& choices) {
  std::vector<NamedChoice> schedule;
  for (std::size_t i = 0; i < choices.size(); ++i) {
    const TraceChoice& c = choices[i];
    auto malformed = [&]() -> UserError {
      return UserError("the trace's schedule is malformed at decision " + std::to_string(i + 1) + ": \"" +
                       c.alternative + "\"");
    };
    NamedChoice n;
    n.thread = thread_name_hash(t.threads.at(static_cast<std::size_t>(c.thread)).id);
    if (!n.thread) throw malformed();
    const std::string& a = c.alternative;
    if (a == "expire") {
      n.alternative = kExpire;
    } else if (a.starts_with("value ")) {
      const char *first = a.data() + 6, *last = a.data() + a.size();
      if (auto [end, error] = std::from_chars(first, last, n.alternative);
          error != std::errc() || end != last)
        throw malformed();
    } else if (a.starts_with("wake ")) {
      n.waiter = thread_name_hash(a.substr(5));
      if (!n.waiter) throw malformed();
    } else if (!a.empty()) {
      throw malformed();
    }
    schedule.push_back(n);
  }
  return schedule;
}

Trace execute_schedule(Engine& e, Program& program, const Trace& recorded,
                       const std::vector<TraceChoice>& schedule, std::uint8_t revealed) {
  e.set_revealed(revealed);
  e.set_max_steps(static_cast<Step>(schedule.size()) + 1000);
  Recording r(e, program, named_schedule(recorded, schedule), DetectorOptions{});
  Trace t = r.recorder().trace();
  for (const Finding& f : r.findings()) {
    if (f.severity() != detect::Severity::Error) continue;
    TraceRecorder recorder = r.recorder();  // describing a finding leaves marks
    TraceFinding finding = detect::describe(f.observation, f.severity(), recorder, r.failures(), e);
    if (t.findings.empty()) t = std::move(recorder.trace());
    t.findings.push_back(std::move(finding));
  }
  t.model = recorded.model;
  t.arguments = recorded.arguments;
  t.front_end = recorded.front_end;
  t.program_hash = recorded.program_hash;
  t.options = recorded.options;
  return t;
}

ReplayReport replay(Engine& e, Program& program, const Trace& recorded, std::uint8_t revealed,
                    const Breakpoint* breakpoint) {
  e.set_revealed(revealed);
  e.set_max_steps(static_cast<Step>(recorded.schedule.size()) +
                  (recorded.outcome == "truncated" && e.loops().empty() ? 0 : 1000));
  const std::string kind = recorded.findings.empty() ? "" : recorded.findings.front().kind;
  DetectorOptions detectors;
  if (kind == name(detect::Kind::DataRace)) detectors.data_races = detect::Severity::Warning;
  detectors.outcomes = kind == name(detect::Kind::Outcome);
  Recording r(e, program, named_schedule(recorded, recorded.schedule), detectors, breakpoint);
  ReplayReport report;
  report.trace = r.recorder().trace();
  for (const Finding& f : r.findings()) {
    if (recorded.findings.empty() || report.reproduced) break;
    TraceRecorder recorder = r.recorder();  // describing a finding leaves marks
    const TraceFinding now = detect::describe(f.observation, f.severity(), recorder, r.failures(), e);
    const TraceFinding& then = recorded.findings.front();
    if (now.fingerprint != then.fingerprint || proven(now.kind) != proven(then.kind)) continue;
    report.reproduced = true;
    report.trace = std::move(recorder.trace());
  }
  const auto &was = recorded.events, &is = report.trace.events;
  for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    if (i < was.size() && i < is.size() && same_event(recorded, was[i], report.trace, is[i])) continue;
    report.diverged = true;
    report.reproduced = false;
    report.step = static_cast<int>(i) + 1;
    report.expected = i < was.size() ? show(recorded, was[i]) : "the end of the execution";
    report.actual = i < is.size()              ? show(report.trace, is[i])
                    : r.abort_reason().empty() ? "the end of the execution"
                                               : r.abort_reason();
    return report;
  }
  if (recorded.outcome != report.trace.outcome) {
    report.diverged = true;
    report.reproduced = false;
    report.step = static_cast<int>(was.size()) + 1;
    report.expected = "the execution ends as \"" + recorded.outcome + "\"";
    report.actual = "it ends as \"" + report.trace.outcome + "\"";
    return report;
  }
  return report;
}

}  // namespace raddle::explore
