#include "checker/detect/hang.h"

#include <algorithm>
#include <vector>

#include "checker/engine/polling.h"

namespace raddle::detect {

using namespace engine;

namespace {

bool is_cut(const Engine& e, Tid t) { return e.thread(t).waiting == Waiting::Cut; }

/// The events of the last rounds. None if something came after one of them that belongs to no last round and depends on
/// it: then they did not happen in the state that is left.
std::vector<Step> last_rounds(const Engine& e, const History& h) {
  std::vector<Step> last;
  for (Step s = 0; s < h.size(); ++s) {
    const HistoryEvent& ev = h[s];
    if (is_cut(e, ev.t.tid) && ev.index > e.thread(ev.t.tid).round) {
      last.push_back(s);
    } else if (std::any_of(last.begin(), last.end(), [&](Step k) { return conflict(h[k].t, ev.t); })) {
      return {};
    }
  }
  return last;
}

/// Does another thread that has not been stopped wait until the lock is free? Then it gets it sooner or later.
bool is_wanted(const Engine& e, Tid holder, ObjectId lock) {
  bool wanted = false;
  e.ready().for_each([&](Tid t) {
    const Thread& th = e.thread(t);
    wanted |= t != holder && th.op.kind == OpKind::Lock && object_of(th.op.a0) == lock &&
              th.waiting != Waiting::Cut;
  });
  return wanted;
}

/// A lock that was free is free again, one that was held has its holder again.
bool is_restored(const Engine& e, const History& h, const std::vector<Step>& events, ObjectId lock) {
  const std::int32_t after = e.object(lock).n;
  for (Step s : events) {
    const HistoryEvent& ev = h[s];
    if (object_of(ev.t.a0) != lock) continue;
    if (ev.guards & kIfZero) return after == 0;
    if (ev.t.kind == OpKind::Unlock || ev.t.kind == OpKind::Wait)
      return after == ev.t.tid + 1 && !is_wanted(e, ev.t.tid, lock);
  }
  return true;  // only looked at
}

/// Does the event leave its objects as they were, on its own or with the others of the rounds?
bool is_neutral(const Engine& e, const History& h, const std::vector<Step>& events, Step s) {
  const HistoryEvent& ev = h[s];
  if (is_mere_look(ev.base, ev.t.alt, ev.result, h.changed(e, s))) return true;
  const bool positive = ev.guards & kIfPositive;
  switch (ev.t.kind) {
    case OpKind::Sleep: return true;
    case OpKind::Write:
      return ev.prev_write0 != kNever && ev.value && h[ev.prev_write0].t.kind == OpKind::Write &&
             h[ev.prev_write0].value == ev.value;
    case OpKind::EventSet: return positive;
    case OpKind::EventClear: return !positive;
    case OpKind::TryAcquire:
    case OpKind::TryGet: return !positive;
    case OpKind::TryPut: return !(ev.guards & kIfRoom);
    case OpKind::NotifyOne:
    case OpKind::NotifyAll: return ev.waiters_begin == ev.waiters_end;
    case OpKind::Lock:
    case OpKind::TryLock:
    case OpKind::Unlock:
    case OpKind::Wait:
    case OpKind::Wake: return is_restored(e, h, events, object_of(ev.t.a0));
    case OpKind::Expire: return true;
    default: return false;
  }
}

}  // namespace

void Hang::end(const Engine& e, const History& h, Outcome outcome, Sink& sink) {
  if (outcome != Outcome::Truncated || e.full()) return;
  bool stuck = true;
  std::uint64_t key = static_cast<std::uint64_t>(Kind::Hang);
  e.alive().for_each([&](Tid t) {
    const Thread& th = e.thread(t);
    if (is_cut(e, t)) {
      stuck = stuck && th.unchanged;
      key += mix(digest(th.op.site) + 1);
    } else if (th.waiting == Waiting::No && (!e.ready().contains(t) || e.runnable(t))) {
      stuck = false;
    }
  });
  if (!stuck) return;
  const std::vector<Step> events = last_rounds(e, h);
  if (events.empty()) return;
  for (Step s : events)
    if (!is_neutral(e, h, events, s)) return;
  Observation o;
  o.kind = Kind::Hang;
  o.at = h.size();
  o.key = mix(key);
  o.steps[kRounds] = events.front();
  sink.observe(o);
}

}  // namespace raddle::detect
