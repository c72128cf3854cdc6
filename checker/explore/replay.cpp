#include "checker/explore/replay.h"

#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

bool Replay::begin(Engine&) { return !std::exchange(done_, true); }

Decision Replay::pick(Engine& e, Tid current) {
  const auto step = static_cast<std::size_t>(e.step());
  Decision d;
  if (step < schedule_.size()) {
    d = schedule_[step];
    if (d.tid >= e.thread_count() || !e.ready().contains(d.tid)) {
      if (!e.launchable().empty()) return {e.launchable().contains(d.tid) ? d.tid : e.launchable().first(), 0};
      diverged_at_ = e.step();
      return kStop;
    }
    if (e.thread(d.tid).op.kind == OpKind::Exit && !e.launchable().empty()) return {e.launchable().first(), 0};
    bool possible = false;
    for_each_alternative(e, d.tid, [&](Tid, Alternative a) { possible |= a == d.alt; });
    if (!possible) {
      diverged_at_ = e.step();
      return kStop;
    }
  } else {
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    d.tid = current != kNoThread && e.ready().contains(current) && e.runnable(current)
                ? current
                : e.ready().find([&](Tid t) { return e.runnable(t); });
    if (d.tid == kNoThread) return kStop;
    d.alt = first_alternative(e, d.tid);
  }
  inspector_.commit(e, d.tid, d.alt);
  return d;
}

void Replay::end(Engine& e, Outcome o) {
  outcome_ = o;
  inspector_.end(e, o);
}

}  // namespace raddle::explore
