#include "checker/explore/witness.h"

#include <algorithm>
#include <utility>

#include "checker/detect/describe.h"

namespace raddle::explore {

using namespace engine;

/// A replay that is recorded before it is torn down.
class Recording::Strategy : public Replay {
 public:
  Strategy(Recording& recording, std::vector<NamedChoice> schedule)
      : Replay(recording.inspector_, std::move(schedule)), recording_(recording) {}
  void end(Engine& e, Outcome o) override {
    Replay::end(e, o);
    recording_.failures_ = e.failures();
    recording_.abort_reason_ = e.abort_reason();
    recording_.recorder_->finish(e, o);
  }
  void restart(Engine& e) override {
    Replay::restart(e);
    recording_.recorder_->restart();
  }

 private:
  Recording& recording_;
};

Recording::Recording(Engine& e, Program& p, std::vector<NamedChoice> schedule,
                     const DetectorOptions& detectors, const Breakpoint* breakpoint)
    : recorder_(breakpoint ? std::make_unique<BreakingRecorder>(*breakpoint)
                           : std::make_unique<TraceRecorder>()),
      detectors_(detectors) {
  detectors_.add_to(inspector_);
  Strategy replay(*this, std::move(schedule));
  e.set_recorder(recorder_.get());
  e.run(replay, p);
  e.set_recorder(nullptr);
  diverged_ = replay.diverged_at() != kNever;
}

namespace {

// Of those kinds that every recording looks for, and that are not a question of real time.
bool shows(const Recording& r, const Finding& f) {
  using detect::Kind;
  switch (f.observation.kind) {
    case Kind::DataRace:
    case Kind::Outcome:
    case Kind::LockOrder:
    case Kind::DaemonKilled:
    case Kind::Divergence: return true;
    default: break;
  }
  return std::any_of(r.findings().begin(), r.findings().end(),
                     [&](const Finding& now) { return now.observation.kind == f.observation.kind; });
}

}  // namespace

CheckedFinding witness(Engine& e, Program& p, const Finding& f,
                       const std::function<void(TraceRecorder&)>& explain) {
  CheckedFinding c;
  c.count = f.count;
  c.first_execution = f.first_execution;
  std::optional<Recording> r(std::in_place, e, p, f.schedule, DetectorOptions{});
  if (r->diverged()) {  // files and the like may be as an execution has left them that did not come to its end
    Inspector unused;
    Replay whole(unused, {});
    e.run(whole, p);
    r.emplace(e, p, f.schedule, DetectorOptions{});
  }
  c.finding = detect::describe(f.observation, f.severity(), r->recorder(), r->failures(), e);
  c.repeated = f.severity() != detect::Severity::Error || shows(*r, f);
  if (explain && !r->diverged()) explain(r->recorder());
  c.trace = std::move(r->recorder().trace());
  c.trace.findings = {c.finding};
  return c;
}

}  // namespace raddle::explore
