#include "checker/explore/replay.h"

#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

bool Replay::begin(Engine&) { return !std::exchange(done_, true); }

void Replay::restart(Engine&) {
  inspector_.restart();
  done_ = false;
}

// The next decision of the schedule; a launchable thread that has to run first; or kStop.
Decision Replay::follow(Engine& e, const NamedChoice& c) {
  const Tid t = e.thread_named(c.thread);
  // Under a virtual clock threads start as early as they can: a deadline counts from when its thread gets there.
  if (t == kNoThread || !e.ready().contains(t) || (e.virtual_clock() && !e.launchable().empty())) {
    if (!e.launchable().empty())
      return {t != kNoThread && e.launchable().contains(t) ? t : e.launchable().first(), 0};
    return kStop;
  }
  const Operation& op = e.thread(t).op;
  if (op.kind == OpKind::Exit && !e.launchable().empty()) return {e.launchable().first(), 0};
  Decision d{t, c.alternative};
  if (op.kind == OpKind::NotifyOne) {
    const Tid waiter = c.waiter ? e.thread_named(c.waiter) : kNoThread;
    if (c.waiter && waiter == kNoThread) return kStop;
    d.alt = static_cast<Alternative>(waiter + 1);
  }
  bool possible = false;
  for_each_alternative(e, t, [&](Tid, Alternative a) { possible |= a == d.alt; });
  return possible ? d : kStop;
}

Decision Replay::pick(Engine& e, Tid current) {
  const auto step = static_cast<std::size_t>(e.step());
  Decision d;
  if (step < schedule_.size()) {
    d = follow(e, schedule_[step]);
    diverged_at_ = d.tid == kNoThread ? e.step() : kNever;  // a virtual clock may still advance
    if (d.tid == kNoThread || !e.ready().contains(d.tid)) return d;
  } else {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    const auto wanted = [&](Tid t) { return e.runnable(t) && (!put_off_ || e.thread(t).name != put_off_); };
    const bool stay = current != kNoThread && e.ready().contains(current) && wanted(current);
    d.tid = stay ? current : e.ready().find(wanted);
    if (d.tid == kNoThread && put_off_) d.tid = e.ready().find([&](Tid t) { return e.runnable(t); });
    if (d.tid == kNoThread) return kStop;
    d.alt = first_alternative(e, d.tid);
  }
  commit(e, d);
  return d;
}

void Replay::end(Engine& e, Outcome o) {
  outcome_ = o;
  inspector_.end(e, o);
}

}  // namespace raddle::explore
