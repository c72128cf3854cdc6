#include "checker/explore/single_run.h"

#include <limits>
#include <memory>
#include <utility>

#include "checker/detect/describe.h"
#include "checker/engine/list.h"
#include "checker/engine/trace_recorder.h"
#include "checker/explore/pct.h"
#include "checker/explore/pos.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr Step kMostRecorded = 100'000;  // events

// Nobody knows how long the program is, and samplers want to: a power of two up to 2^14, each equally likely, so that
// no length is missed by much too often.
Profile guess(Rng& random) {
  constexpr std::uint32_t kShortest = 4, kLongest = 14, kThreads = 1024;
  Profile profile;
  const std::uint32_t length = 1u << (kShortest + random.below(kLongest - kShortest + 1));
  profile.events = static_cast<Step>(length);
  profile.by_thread.assign(kThreads, length);
  return profile;
}

std::unique_ptr<Sampler> make_sampler(const SingleRunOptions& o) {
  switch (o.strategy) {
    case SingleStrategy::Random: break;
    case SingleStrategy::Pct: return std::make_unique<Pct>(o.depth);
    case SingleStrategy::Pos: return std::make_unique<Pos>();
  }
  return std::make_unique<RandomWalk>();
}

class SingleWalk : public Strategy {
 public:
  SingleWalk(TraceRecorder& recorder, SingleRun& result, const SingleRunOptions& o)
      : recorder_(recorder), result_(result), random_(o.seed, 0), sampler_(make_sampler(o)) {
    if (o.strategy == SingleStrategy::Random) return;
    profile_ = guess(random_);
    sampler_->begin(profile_, random_);
  }

  bool begin(Engine&) override { return !std::exchange(begun_, true); }

  Decision pick(Engine& e, Tid) override {
    if (e.step() >= kMostRecorded) e.set_recorder(nullptr);
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    enabled_.clear();
    for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
    if (enabled_.empty()) return kStop;
    return sampler_->choose(e, {enabled_.begin(), enabled_.size()}, random_);
  }

  void end(Engine& e, Outcome outcome) override {
    result_.outcome = outcome;
    result_.abort_reason = e.abort_reason();
    result_.failures = e.failures();
    recorder_.finish(e, outcome);
    const bool crashed = e.crash().signal != 0;
    if (outcome != Outcome::Deadlock && !crashed) return;
    Trace& trace = recorder_.trace();
    if (!e.recorder()) trace.events.clear();  // the first ones say nothing about the end
    detect::Observation end;
    end.kind = crashed ? detect::Kind::Crash : detect::Kind::Deadlock;
    end.at = e.step();
    if (crashed) end.failure = static_cast<std::int32_t>(result_.failures.size()) - 1;
    trace.findings = {detect::describe(end, detect::Severity::Error, recorder_, result_.failures, e)};
    result_.trace = std::move(trace);
  }

 private:
  TraceRecorder& recorder_;
  SingleRun& result_;
  Rng random_;
  std::unique_ptr<Sampler> sampler_;
  Profile profile_;
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
  SingleWalk walk(recorder, result, o);
  e.set_recorder(&recorder);
  e.run(walk, program);
  e.set_recorder(nullptr);
  return result;
}

}  // namespace raddle::explore
