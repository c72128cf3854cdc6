#include "checker/explore/races.h"

#include <algorithm>

namespace raddle::explore {

using namespace engine;

void Races::other_kinds(const Engine& e, const HistoryEvent& ev, Step at, Row clock) {
  switch (ev.t.kind) {
    case OpKind::Choose:
      for (int a = 0; a < ev.t.arity; ++a)
        if (a != ev.t.alt)
          races_.push_back({at, at, ev.t.tid, static_cast<Alternative>(a), Race::Kind::Alternative, INT_MAX});
      return;
    case OpKind::Exit: return exit_races(e, at, clock);
    case OpKind::Expire:
      if (ev.base == OpKind::Wake)
        return unguarded(ev, at, clock);  // possible as long as nobody has notified
      break;
    case OpKind::NotifyOne:
    case OpKind::NotifyAll: unguarded(ev, at, clock); return notifies(e, ev, at);
    case OpKind::Wait: return unguarded_pair(ev, at, clock);
    default:
      if (kGuards[static_cast<std::size_t>(ev.t.kind)] == kAlways) return unguarded(ev, at, clock);
  }
  guarded(ev, at, clock);
}

void Races::notifies(const Engine& e, const HistoryEvent& ev, Step at) {
  const bool one = ev.t.kind == OpKind::NotifyOne;
  for (const std::uint16_t* w = history_.waiters_begin(ev); w != history_.waiters_end(ev); ++w) {
    const bool chosen = !one || *w + 1 == ev.t.alt;
    // A chosen waiter's timeout can no longer expire: it is withdrawn here.
    if (chosen && e.thread(*w).op.timed && e.expirable(*w))
      races_.push_back({at, at, *w, kExpire, Race::Kind::Withdrawn, INT_MAX});
    if (one && !chosen && e.notify_any())
      races_.push_back(
          {at, at, ev.t.tid, static_cast<Alternative>(*w + 1), Race::Kind::Alternative, INT_MAX});
  }
}

// As unguarded, for one that touches two objects: latest first over both.
void Races::unguarded_pair(const HistoryEvent& ev, Step at, Row clock) {
  const ObjectId o0 = object_of(ev.t.a0), o1 = object_of(ev.t.a1);
  // A read races with the latest write alone.
  Step k0 = is_write(ev.t.a0) ? ev.prev0 : ev.prev_write0;
  Step k1 = is_write(ev.t.a1) ? ev.prev1 : ev.prev_write1;
  while (k0 != kNever || k1 != kNever) {
    const Step k = std::max(k0, k1);
    const HistoryEvent& other = history_[k];
    if (conflict(other.t, ev.t)) meet(k, at, clock);
    if (k == k0) k0 = History::writes_to(other, o0) ? kNever : History::previous(other, o0);
    if (k == k1) k1 = History::writes_to(other, o1) ? kNever : History::previous(other, o1);
  }
}

// The latest event on `o`, from `from` backwards, that is not ordered before `base` and before which the guard held
// (or did not hold, for timeouts). Where a write is ordered before, so is everything behind it. `opener`: who used the
// place of a queue before; the guard holds as well where that can come before, too.
Step Races::latest_enabled(ObjectId o, Step from, bool writes_only, std::uint8_t guard, bool holds,
                           bool is_wake, Step notifier, Step opener, ConstRow base) const {
  Step k = from;
  while (k != kNever) {
    const HistoryEvent& other = history_[k];
    const bool write = History::writes_to(other, o);
    if (covered(k, base)) {
      if (write) return kNever;
    } else if ((write || !writes_only) &&
               (((other.guards & guard) != 0) == holds || (opener > k && !before(k, opener))) &&
               (!is_wake || notified_by_then(k, notifier))) {
      return k;
    }
    k = writes_only ? History::previous_write(other, o) : History::previous(other, o);
  }
  return kNever;
}

// What the event's own object orders before it, whether or not that could be reversed.
[[gnu::always_inline]] inline void Races::follow_first(const HistoryEvent& ev, Row clock) const {
  const ObjectId o = object_of(ev.t.a0);
  const bool write = is_write(ev.t.a0);
  for (Step p = write ? ev.prev0 : ev.prev_write0; p != kNever; p = History::previous(history_[p], o)) {
    if (!covered(p, clock)) clocks_.join(clock, clocks_.row(p));
    if (History::writes_to(history_[p], o)) break;
  }
  // Who used the same place of a queue before made this possible: no race.
  if (const Step k = opener(ev); k != kNever && !covered(k, clock)) clocks_.join(clock, clocks_.row(k));
  if (ev.t.kind == OpKind::Wake && !covered(ev.notifier, clock))
    clocks_.join(clock, clocks_.row(ev.notifier));
}

void Races::guarded(const HistoryEvent& ev, Step at, Row clock) {
  const ObjectId o = object_of(ev.t.a0);
  const std::uint8_t guard = info(ev.base).guard;
  const bool expire = ev.t.kind == OpKind::Expire;
  const bool is_wake = ev.t.kind == OpKind::Wake;
  const bool withdraws = ev.t.flags & Transition::kTimed && !is_wake;
  if (withdraws) {
    scratch_.resize(static_cast<std::size_t>(clocks_.width()));
    clocks_.copy(scratch_.data(), clock);
  }
  if (ev.t.a1 && !(ev.t.flags & Transition::kHasPlace)) [[unlikely]]
    watched_write(ev, at, clock);
  const Step opened_by = opener(ev);
  auto scan = [&](bool writes, bool holds, Row base, auto&& found) {
    if (!writes) {  // in conflict with writes alone
      const Step k =
          latest_enabled(o, ev.prev_write0, true, guard, holds, is_wake, ev.notifier, opened_by, base);
      if (k != kNever) found(k);
      return;
    }
    // Reads behind the last write are concurrent with one another: each may be a race of its own.
    Step k = ev.prev0;
    while ((k = latest_enabled(o, k, false, guard, holds, is_wake, ev.notifier, opened_by, base)) != kNever) {
      found(k);
      if (History::writes_to(history_[k], o)) break;
      clocks_.join(base, clocks_.row(k));
      k = History::previous(history_[k], o);
    }
  };
  scan(is_write(ev.t.a0), !expire, clock, [&](Step k) { add(k, at); });
  if (withdraws) {  // the other way in which the operation could have ended
    const Alternative other = expire ? Alternative{0} : kExpire;
    scan(expire && info(ev.base).footprint != Footprint::Read, expire, scratch_.data(), [&](Step k) {
      races_.push_back({k, at, ev.t.tid, other, Race::Kind::Withdrawn, INT_MAX});
    });
  }
  follow_first(ev, clock);
}

// The second object of a guarded write is the watcher, which everybody writes. Its latest write races with this one
// unless it is ordered before what this one waited for: else that would still be as it was.
void Races::watched_write(const HistoryEvent& ev, Step at, Row clock) {
  if (ev.prev1 == kNever) return;
  past_.resize(static_cast<std::size_t>(clocks_.width()));
  clocks_.copy(past_.data(), clock);
  follow_first(ev, past_.data());
  if (!covered(ev.prev1, past_.data())) meet(ev.prev1, at, clock);
}

// Every operation of a killed thread is dependent with the exit.
void Races::exit_races(const Engine& e, Step at, Row clock) {
  const bool all = history_[at].t.flags & Transition::kKillsAll;
  std::vector<Step> latest;
  for (Tid t = 0; t < e.thread_count(); ++t) {
    const Step k = history_.last_own(t);
    if (t != history_[at].t.tid && k != kNever && (all || history_[k].t.flags & Transition::kKillable))
      latest.push_back(k);
  }
  std::sort(latest.rbegin(), latest.rend());
  for (Step k : latest) {
    if (covered(k, clock)) continue;
    add(k, at);
    clocks_.join(clock, clocks_.row(k));
  }
}

// A put, or get, that is executed right before event i, which is at the same end of the queue: it uses the place that
// comes next then.
void Races::put_in_place(const Engine& e, Transition& t, Step i) const {
  if (!(t.flags & Transition::kHasPlace)) return;
  const QueuePosition there = QueuePosition::of(history_[i].value);
  t.a1 = writes(e.objects().ends(object_of(t.a0)).place(t.kind == OpKind::Put ? there.put : there.taken));
}

// A write where it succeeds, a read where it fails.
void Races::set_success(const Engine& e, Transition& t, bool succeeds) {
  const ObjectId o = object_of(t.a0);
  t.a0 = succeeds ? writes(o) : reads(o);
  if (e.objects().has_ends(o))
    t.a1 = succeeds ? writes(object_of(t.a1)) : reads(object_of(t.a1));
  else
    t.a1 = succeeds && e.watched(o) ? writes(e.watcher()) : 0;
}

// A try that is executed right before event i, or behind those that do not happen after it. The state is that before the
// first event from i on that touches its object; those that do not happen after event i have changed nothing, unless they are
// additions, or at the other end of a queue.
void Races::try_in_place(const Engine& e, Reversal& v, const Race& r) const {
  const HistoryEvent& ev = history_[r.j];
  const ObjectId o = object_of(v.e2.a0);
  if (e.objects().has_ends(o)) {
    const QueueEnds& q = e.objects().ends(o);
    set_success(e, v.e2, succeeds_in_queue(q, o, v.e2.kind, r));
    if (v.e2.a0 != ev.t.a0) place_behind_joins(q, v);
    return;
  }
  const HistoryEvent* there = &ev;
  std::uint64_t added = 0;
  for (Step k = History::previous(ev, o); k != kNever && k >= r.i; k = History::previous(*there, o)) {
    there = &history_[k];
    if (is_addition(there->t.a0) && k != r.i && !before(r.i, k)) added += there->value;
  }
  const bool memory = is_memory(v.e2.kind);
  const auto n =
      memory ? static_cast<std::int32_t>((static_cast<std::uint64_t>(there->n) + added) & ev.value >> 32) : 0;
  set_success(e, v.e2, succeeds(v.e2.kind, ev.value, n, there->guards));
}

// The try at one end of a queue that was executed later, and failed, does not conflict with those who wait at the other
// end until all items have been dealt with; where it succeeds, it does. They come first: the sequence is that of all events
// that do not depend on event i, and then e2.
void Races::place_behind_joins(const QueueEnds& q, Reversal& v) const {
  v.unsettled = true;
  for_each_not_after(v.i, v.place, history_.size(), [&](Step k) {
    if (history_[k].t.a0 != reads(q.tail)) return;
    v.place = k + 1;
    v.executed = false;
  });
}

// An operation of event j, in another way in which it could have ended before event i, comes behind the reads that event i
// does not happen before either. (If event i is a write, there are none.)
Step Races::behind_reads(Step i, Step j) const {
  const HistoryEvent& ev = history_[j];
  const ObjectId o = object_of(ev.t.a0);
  for (Step k = History::previous(ev, o); k != kNever && k > i; k = History::previous(history_[k], o))
    if (!before(i, k)) return k + 1;
  return i + 1;
}

bool Races::succeeds_in_queue(const QueueEnds& q, ObjectId head, OpKind kind, const Race& r) const {
  const QueuePosition before = QueuePosition::of(history_[r.i].value);
  auto length = static_cast<std::int64_t>(before.put) - before.taken;
  for_each_not_after(r.i, r.i + 1, r.j, [&](Step k) {
    const Transition& other = history_[k].t;
    const bool tries = history_[k].memory & kTries;
    if (tries ? other.a0 != writes(head) : object_of(other.a0) != head && object_of(other.a0) != q.tail)
      return;
    if (other.kind == OpKind::Put || other.kind == OpKind::TryPut) ++length;
    if (other.kind == OpKind::Get || other.kind == OpKind::TryGet) --length;
  });
  return kind == OpKind::TryPut ? length < q.capacity : length > 0;
}

// A notification that is executed right before event i. The waiter that it chose may not be waiting yet over there:
// then any, or the first, is chosen instead. Who has left the line since, after a timeout, has left it over there, too.
void Races::notify_in_place(const Engine& e, Transition& t, const Race& r) const {
  const HistoryEvent& there = history_[r.i];
  const Alternative chosen = t.alt;
  t.alt = 0;
  for (const std::uint16_t* w = history_.waiters_begin(there); w != history_.waiters_end(there); ++w) {
    bool left = false;
    for_each_not_after(r.i, r.i + 1, r.j, [&](Step k) {
      left |= history_[k].t.tid == *w && history_[k].t.kind == OpKind::Wake;
    });
    if (left) continue;
    const auto alternative = static_cast<Alternative>(*w + 1);
    if (!t.alt) t.alt = alternative;
    if (e.notify_any() && alternative == chosen) t.alt = chosen;
  }
}

Reversal Races::other_reversal(const Engine& e, const Race& r) const {
  Reversal v;
  v.i = r.i;
  const HistoryEvent& ev = history_[r.j];
  switch (r.kind) {
    case Race::Kind::Executed:
      v.e2 = ev.t;
      v.place = r.j;
      v.executed = true;
      if (v.e2.kind == OpKind::NotifyOne) notify_in_place(e, v.e2, r);
      put_in_place(e, v.e2, r.i);
      if (ev.memory & kTries) try_in_place(e, v, r);
      break;
    case Race::Kind::Alternative:
      v.e2 = ev.t;
      v.e2.alt = r.alt;
      v.place = r.j;
      v.executed = true;
      break;
    case Race::Kind::Withdrawn:
      v.e2.tid = static_cast<std::uint16_t>(r.tid);
      v.e2.alt = r.alt;
      if (r.tid ==
          ev.t.tid) {  // by the same thread's event: the other way in which its operation could have ended
        v.e2.flags = ev.t.flags;
        v.e2.kind = r.alt == kExpire ? OpKind::Expire : ev.base;
        v.e2.a0 = r.alt != kExpire && info(ev.base).footprint != Footprint::Read ? writes(object_of(ev.t.a0))
                                                                                 : reads(object_of(ev.t.a0));
        if (r.alt != kExpire && is_write(v.e2.a0) && e.watched(object_of(v.e2.a0)))
          v.e2.a1 = writes(e.watcher());
        v.place = std::max(behind_reads(r.i, r.j), ev.since);
      } else {  // by a notification: the waiter's timeout
        v.e2.kind = OpKind::Expire;
        v.e2.a0 = writes(object_of(ev.t.a0));
        v.e2.flags = static_cast<std::uint8_t>(Transition::kTimed |
                                               (e.thread(r.tid).killable ? Transition::kKillable : 0));
        v.place = r.i + 1;
      }
      break;
  }
  return v;
}

bool Races::blocked(const Engine& e, Tid t, Reversal& r) {
  if (e.runnable(t)) return false;  // the execution was cut
  const Thread& th = e.thread(t);
  const Operation& op = th.op;
  if (op.kind == OpKind::Wake && !th.notified) return false;
  Step since = std::max(history_.last_own(t), th.turn) + 1;
  for (Step s : th.inherited) since = std::max(since, s + 1);
  r.e2 = History::transition(e, t, 0);
  r.executed = false;
  if (op.memory & kTries) r.e2.a0 = op.a0, r.e2.a1 = op.a1;  // where it can go on, it succeeds
  const ObjectId o = object_of(r.e2.a0);
  scratch_.resize(static_cast<std::size_t>(clocks_.width()));
  program_order(e, t, history_.last_own(t), scratch_.data());
  const bool writes_only = !is_write(r.e2.a0);
  const LastAccess& last = history_.last(o);
  Step k = latest_enabled(o, writes_only ? last.write : last.access, writes_only, info(op.kind).guard, true,
                          op.kind == OpKind::Wake, th.notifier, kNever, scratch_.data());
  if (k == kNever) return false;
  put_in_place(e, r.e2, k);
  if (op.kind == OpKind::Wake) since = std::max(since, th.notifier + 1);
  r.i = k;
  r.place = std::max(k + 1, since);
  return true;
}

bool Races::ordered(const Engine& e, ObjectId o, Tid t) const {
  const std::size_t inherited = e.thread(t).inherited.size();
  if (known_.execution != e.executions() + 1 || known_.step != history_.size() || known_.tid != t ||
      known_.inherited != inherited) {
    known_.execution = e.executions() + 1;
    known_.step = history_.size();
    known_.tid = t;
    known_.inherited = inherited;
    known_.clock.resize(static_cast<std::size_t>(clocks_.width()));
    program_order(e, t, history_.last_own(t), known_.clock.data());
    known_.everything = true;
    for (Tid u = 0; u < e.thread_count(); ++u)
      if (const Step k = history_.last_own(u); k != kNever)
        known_.everything &= covered(k, known_.clock.data());
  }
  // Where threads are kept in step, their order is that of this search, not of the program.
  const bool in_order = !e.symmetry().any();
  if (known_.everything && in_order) return true;
  for (Step k = history_.last(o).access; k != kNever; k = History::previous(history_[k], o)) {
    if (!covered(k, known_.clock.data()) || (!in_order && history_[k].t.tid != t)) return false;
    if (History::writes_to(history_[k], o)) break;
  }
  return true;
}

}  // namespace raddle::explore
