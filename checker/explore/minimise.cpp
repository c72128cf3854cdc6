#include "checker/explore/minimise.h"

#include <algorithm>

#include "checker/explore/bounded.h"
#include "checker/explore/costed_replay.h"
#include "checker/explore/lenient_replay.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::size_t kExact = 60;          // events of a class that is searched for its cheapest schedule
constexpr std::uint64_t kOfClass = 1000;    // executions for that
constexpr std::uint64_t kLeavingOut = 300;  // executions without some of the preemptions
constexpr std::size_t kLongest = 20000;     // events of a schedule that is looked at at all

/// It says nothing, and the next ones will not either.
bool is_unfit(const Engine& e, Outcome o) {
  return (o == Outcome::Aborted && !e.crash().signal) || e.was_cut_short();
}

/// A bounded search for one finding. In a class, or everywhere.
class Hunt : public Bounded {
 public:
  Hunt(Watch& watch, std::uint64_t key, int bound, std::uint64_t executions, Purse& purse,
       const ClassOrder* only)
      : Bounded(watch.inspector, {BoundKind::Preemptions, bound}),
        watch_(watch),
        key_(key),
        executions_(executions),
        purse_(purse),
        only_(only) {}

  const Finding* found() const { return found_; }
  /// Has it seen all that it was to look at?
  bool finished() const { return !found_ && !stopped_; }
  bool failed() const { return failed_; }

  // Loops that never end are not looked for: executions that long are no shorter witnesses.
  void end(Engine& e, Outcome o) override {
    watch_.inspector.end(e, o);
    failed_ |= is_unfit(e, o);
    if (o != Outcome::Stopped && !failed_) found_ = watch_.shown(key_);
  }

 protected:
  bool may_continue() override {
    if (found_) return false;
    if (failed_ || executions_ == 0 || !purse_.spend()) {
      stopped_ = true;
      return false;
    }
    --executions_;
    return true;
  }
  bool allows(const Engine&, Decision d) override {
    return !only_ || only_->allows(watch_.inspector.history(), d);
  }

 private:
  Watch& watch_;
  std::uint64_t key_, executions_;
  Purse& purse_;
  const ClassOrder* only_;
  const Finding* found_ = nullptr;
  bool stopped_ = false, failed_ = false;
};

/// The phases, one after the other, in one run of the engine: threads and objects keep their ids.
class Minimiser : public Strategy {
 public:
  Minimiser(const Finding& finding, const DetectorOptions& detectors, Purse& purse,
            const std::function<void(const Finding&)>& better)
      : wanted_(finding), detectors_(detectors), purse_(purse), better_(better) {
    best_.finding = finding;
  }
  Minimised take() { return std::move(best_); }

  bool begin(Engine& e) override {
    for (;;) {
      if (phase_ && phase_->begin(e)) return true;
      if (!next_phase(e)) return false;
    }
  }
  Decision pick(Engine& e, Tid current) override { return phase_->pick(e, current); }
  void end(Engine& e, Outcome o) override {
    failed_ |= is_unfit(e, o);
    phase_->end(e, o);
  }
  // Something has come into sight that the search did not need: what was found before stands.
  void restart(Engine&) override {
    failed_ = true;
    phase_ = nullptr;
  }
  bool unordered_access(const Engine& e, ObjectId o) const override { return phase_->unordered_access(e, o); }

 private:
  enum class At : std::uint8_t { Begin, Repeat, Class, LongRuns, Fewer, LeaveOut, Done };

  bool next_phase(Engine& e) {
    if (failed_) return false;
    switch (step_) {
      case At::Begin: return follow(At::Repeat, wanted_.schedule);
      case At::Repeat: {
        if (!take_target()) return false;
        order_ = replay_->order();
        if (order_.size() > kLongest) return false;
        if (order_.size() > kExact) return long_runs(e, 0);
        return hunt(At::Class, best_.preemptions, kOfClass, &order_);
      }
      case At::Class: {
        const bool exact = take_hunt();
        return exact ? fewer() : long_runs(e, 0);
      }
      case At::LongRuns: {
        take_replay();
        return long_runs(e, first_ + 1);
      }
      case At::Fewer: {
        const bool found = take_hunt();
        best_.fewest = found || (hunt_->finished() && !hunt_->failed());
        return !best_.fewest && leave_out();
      }
      case At::LeaveOut:
      case At::Done: break;
    }
    return false;
  }

  // (1)
  bool long_runs(Engine& e, Tid from) {
    // Whether what is glued stays together is not looked at there.
    for (first_ = from; first_ < order_.threads() && !e.gluing(); ++first_)
      if (std::vector<NamedChoice> order = order_.long_runs(first_); !order.empty())
        return purse_.spend() && follow(At::LongRuns, std::move(order));
    return fewer();
  }
  // (2)
  bool fewer() {
    if (best_.preemptions > 0) return hunt(At::Fewer, best_.preemptions - 1, purse_.left(), nullptr);
    best_.fewest = true;
    return false;
  }
  // (3)
  bool leave_out() {
    step_ = At::LeaveOut;
    auto attempt = [this](Engine&, const LenientReplay& replay) {
      const Finding* f = watch_->shown(key_);
      if (!f || replay.preemptions() >= best_.preemptions) return false;
      take(*f, replay.preemptions());
      return true;
    };
    auto fresh = [this]() -> Inspector& {
      watch_ = std::make_unique<Watch>(detectors_);
      return watch_->inspector;
    };
    phase_owner_ = std::make_unique<LeavingOut>(
        best_.finding.schedule, kLeavingOut, [this] { return purse_.spend(); }, fresh, attempt);
    phase_ = phase_owner_.get();
    return true;
  }

  bool follow(At step, std::vector<NamedChoice> schedule) {
    step_ = step;
    watch_ = std::make_unique<Watch>(detectors_);
    auto replay = std::make_unique<CostedReplay>(watch_->inspector, std::move(schedule));
    replay_ = replay.get();
    phase_owner_ = std::move(replay);
    phase_ = phase_owner_.get();
    return true;
  }
  bool hunt(At step, int bound, std::uint64_t executions, const ClassOrder* only) {
    step_ = step;
    watch_ = std::make_unique<Watch>(detectors_);
    auto hunt = std::make_unique<Hunt>(*watch_, key_, bound, executions, purse_, only);
    hunt_ = hunt.get();
    phase_owner_ = std::move(hunt);
    phase_ = phase_owner_.get();
    return true;
  }

  // Which of the observations of the schedule it is. In this run, its key may be another one.
  bool take_target() {
    const detect::Observation& was = wanted_.observation;
    const Finding* target = nullptr;
    int likeness = 0, alike = 0;  // of the one that is most alike, and how many are as much
    for (const Finding& f : watch_->inspector.findings()) {
      const detect::Observation& is = f.observation;
      const bool outcome = is.kind == detect::Kind::Outcome;
      if (kind_of(is.kind) != kind_of(was.kind) || (outcome && is.key != was.key)) continue;
      // Where a thread fails that has not done anything since, the searches may have let it go on sooner.
      const bool same = std::equal(is.steps, is.steps + 3, was.steps) && is.thread == was.thread &&
                        (outcome || is.failure == was.failure);
      const int like = 1 + same + (same && is.at == was.at);
      alike = like == likeness ? alike + 1 : like > likeness ? 1 : alike;
      if (like > likeness) target = &f, likeness = like;
    }
    if (alike != 1) return false;
    key_ = target->observation.key;
    best_.repeated = true;
    take(*target, replay_->preemptions());
    return true;
  }
  static detect::Kind kind_of(detect::Kind k) {
    return k == detect::Kind::Atomicity ? detect::Kind::LostUpdate : k;
  }

  // true: the finding was met.
  bool take_hunt() {
    const Finding* f = hunt_->found();
    if (!f) return false;
    take(*f, hunt_->cost());
    return true;
  }
  void take_replay() {
    const Finding* f = watch_->shown(key_);
    if (f && replay_->preemptions() < best_.preemptions) take(*f, replay_->preemptions());
  }
  void take(const Finding& f, int preemptions) {
    Finding& mine = best_.finding;
    mine.observation = f.observation;
    mine.observation.key = wanted_.observation.key;
    mine.observation.kind = wanted_.observation.kind;
    mine.observation.severity = wanted_.observation.severity;
    if (mine.observation.kind == detect::Kind::Outcome)
      mine.observation.failure = wanted_.observation.failure;  // a number that its detector has given
    mine.schedule = f.schedule;
    best_.preemptions = preemptions;
    if (better_) better_(mine);
  }

  const Finding wanted_;
  const DetectorOptions& detectors_;
  Purse& purse_;
  const std::function<void(const Finding&)>& better_;
  Minimised best_;
  At step_ = At::Begin;
  std::uint64_t key_ = 0;
  ClassOrder order_;
  Tid first_ = 0;
  bool failed_ = false;
  std::unique_ptr<Watch> watch_;
  std::unique_ptr<Strategy> phase_owner_;
  Strategy* phase_ = nullptr;
  CostedReplay* replay_ = nullptr;
  Hunt* hunt_ = nullptr;
};

}  // namespace

Minimised minimise(Engine& e, Program& program, const Finding& finding, const DetectorOptions& detectors,
                   MinimisingBudget& budget, const std::function<void(const Finding&)>& better) {
  Purse purse(e, program, budget, finding.schedule.size());
  Minimiser minimiser(finding, detectors, purse, better);
  e.run(minimiser, program);
  return minimiser.take();
}

}  // namespace raddle::explore
