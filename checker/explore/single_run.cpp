#include "checker/explore/single_run.h"

#include <limits>
#include <utility>

#include "checker/detect/describe.h"
#include "checker/engine/list.h"
#include "checker/engine/trace_recorder.h"
#include "checker/explore/rng.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr Step kMostRecorded = 100'000;  // events

class SingleWalk : public Strategy {
 public:
  SingleWalk(TraceRecorder& recorder, SingleRun& result, std::uint64_t seed)
      : recorder_(recorder), result_(result), random_(seed, 0) {}

  bool begin(Engine&) override { return !std::exchange(begun_, true); }

  Decision pick(Engine& e, Tid) override {
    if (e.step() >= kMostRecorded) e.set_recorder(nullptr);
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    enabled_.clear();
    for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
    if (enabled_.empty()) return kStop;
    const auto n = static_cast<std::uint32_t>(enabled_.size());
    return enabled_.begin()[n == 1 ? 0 : random_.below(n)];
  }

  void end(Engine& e, Outcome outcome) override {
    result_.outcome = outcome;
    result_.abort_reason = e.abort_reason();
    result_.failures = e.failures();
    recorder_.finish(e, outcome);
    if (outcome != Outcome::Deadlock) return;
    Trace& trace = recorder_.trace();
    if (!e.recorder()) trace.events.clear();  // the first ones say nothing about the end
    detect::Observation deadlock;
    deadlock.kind = detect::Kind::Deadlock;
    deadlock.at = e.step();
    trace.findings = {detect::describe(deadlock, detect::Severity::Error, recorder_, result_.failures, e)};
    result_.trace = std::move(trace);
  }

 private:
  TraceRecorder& recorder_;
  SingleRun& result_;
  Rng random_;
  List<Decision> enabled_;
  bool begun_ = false;
};

}  // namespace

SingleRun run_once(Engine& e, Program& program, const SingleRunOptions& o) {
  e.set_timeouts(o.timeouts);
  e.set_notify_any(o.notify_any);
  e.set_virtual_clock(o.virtual_clock);
  e.set_max_steps(std::numeric_limits<Step>::max());
  e.set_revealed(std::numeric_limits<std::uint8_t>::max());
  SingleRun result;
  TraceRecorder recorder;
  SingleWalk walk(recorder, result, o.seed);
  e.set_recorder(&recorder);
  e.run(walk, program);
  e.set_recorder(nullptr);
  return result;
}

}  // namespace raddle::explore
