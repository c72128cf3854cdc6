#include "checker/explore/lock_order_search.h"

#include <algorithm>
#include <limits>

#include "checker/explore/rng.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kAttempts = 100;

/// A thread of the cycle, and where it acquires the second of its locks.
struct Target {
  std::uint64_t thread = 0;  // Thread::name
  TraceSite site;
};

class DirectedWalk : public Strategy {
 public:
  DirectedWalk(Inspector& inspector, std::vector<Target> targets)
      : inspector_(inspector), targets_(std::move(targets)) {
    inspector_.fingerprint(false);
  }

  bool begin(Engine&) override {
    if (inspector_.statistics().deadlocks || !inspector_.findings().empty() || !inspector_.may_continue())
      return false;
    inspector_.rewind(0);
    random_ = Rng(0, run_++);
    acquired_.clear();
    released_.clear();
    return true;
  }

  Decision pick(Engine& e, Tid) override {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    enabled_.clear();
    held_back_.clear();
    for_each_possible(e, [this, &e](Tid t, Alternative a) {
      (is_held_back(e, t) ? held_back_ : enabled_).push_back({t, a});
    });
    if (enabled_.empty() && !held_back_.empty()) {
      // Nobody else is left: they are all there, or the rest of them wait for something else.
      for (const Decision& d : held_back_) released_.push_back(d.tid);
      enabled_ = held_back_;
    }
    if (enabled_.empty()) return kStop;
    const Decision d = enabled_[random_.below(static_cast<std::uint32_t>(enabled_.size()))];
    inspector_.commit(e, d.tid, d.alt);
    const Operation& op = e.thread(d.tid).op;
    if (d.alt != kExpire) note(e, d.tid, op);
    return d;
  }

  void end(Engine& e, Outcome o) override { inspector_.end(e, o); }
  void restart(Engine&) override {
    inspector_.restart();
    run_ = 0;
  }

 private:
  bool is_held_back(const Engine& e, Tid t) const {
    const Thread& th = e.thread(t);
    if (th.op.kind != OpKind::Lock && th.op.kind != OpKind::Wake && th.op.kind != OpKind::Acquire)
      return false;
    if (std::find(released_.begin(), released_.end(), t) != released_.end()) return false;
    auto here = [&](const Target& x) {
      return x.thread == th.name && x.site.line == th.op.site.line && x.site.column == th.op.site.column &&
             th.op.site.file && x.site.file == th.op.site.file;
    };
    auto holds = [&](const Acquired& a) {
      return a.tid == t && (a.unit ? e.object(a.lock).n == 0 : e.object(a.lock).n == t + 1);
    };
    return std::any_of(targets_.begin(), targets_.end(), here) &&
           std::any_of(acquired_.begin(), acquired_.end(), holds);
  }

  /// The operation is about to be executed.
  void note(const Engine& e, Tid t, const Operation& op) {
    const ObjectId o = object_of(op.a0);
    if (op.kind == OpKind::Release) std::erase_if(acquired_, [&](const Acquired& a) { return a.lock == o; });
    if (takes_lock(op.kind)) acquired_.push_back({t, o, false});
    if (takes_unit(op.kind) && e.object(o).n > 0) acquired_.push_back({t, o, true});
  }

  struct Acquired {
    Tid tid;
    ObjectId lock;
    bool unit;  // of a semaphore
  };
  Inspector& inspector_;
  std::vector<Target> targets_;
  std::uint64_t run_ = 0;
  Rng random_;
  std::vector<Decision> enabled_, held_back_;
  std::vector<Acquired> acquired_;
  std::vector<Tid> released_;
};

}  // namespace

std::optional<CheckedFinding> confirm_lock_order(Engine& e, Program& program,
                                                 const CheckedFinding& prediction, const Limits& limits,
                                                 std::uint64_t& executions) {
  std::vector<Target> targets;
  for (int step : prediction.finding.steps) {
    const TraceEvent& x = prediction.trace.events[static_cast<std::size_t>(step - 1)];
    targets.push_back(
        {thread_name_hash(prediction.trace.threads[static_cast<std::size_t>(x.thread)].id), x.site});
  }
  Inspector inspector;
  detect::Deadlock deadlock;
  inspector.add(deadlock);
  inspector.set_limits({.executions = kAttempts, .seconds = limits.seconds, .interrupt = limits.interrupt});
  DirectedWalk walk(inspector, std::move(targets));
  e.run(walk, program);
  const Statistics& s = inspector.statistics();
  executions += s.executions + s.discarded;
  if (inspector.findings().empty()) return std::nullopt;
  CheckedFinding found = witness(e, program, inspector.findings().front());
  found.first_execution = prediction.first_execution;
  found.trace.explanation =
      "Reached on purpose: another execution took these locks in orders that made it possible.";
  return found;
}

bool ordered_by_starts(const CheckedFinding& prediction) {
  const Trace& t = prediction.trace;
  const std::vector<int>& steps = prediction.finding.steps;
  // From each acquisition on: the threads whose next events come after it in any case.
  for (std::size_t i = 0; i < steps.size(); ++i) {
    std::vector<bool> after(t.threads.size());
    after[static_cast<std::size_t>(t.events[static_cast<std::size_t>(steps[i] - 1)].thread)] = true;
    for (std::size_t k = static_cast<std::size_t>(steps[i]); k < t.events.size(); ++k) {
      const TraceEvent& x = t.events[k];
      const auto me = static_cast<std::size_t>(x.thread);
      const bool another =
          std::find(steps.begin() + static_cast<std::ptrdiff_t>(i) + 1, steps.end(), x.step) != steps.end();
      if (another && after[me]) return true;
      if (x.other < 0) continue;
      const auto other = static_cast<std::size_t>(x.other);
      if (x.operation == "start" && after[me]) after[other] = true;
      if (x.operation == "join" && after[other]) after[me] = true;
    }
  }
  return false;
}

}  // namespace raddle::explore
