#include "checker/engine/history.h"

#include <tuple>

namespace raddle::engine {

void History::make_room(const Engine& e) {
  if (static_cast<std::size_t>(size_) == events_.size())
    events_.resize(std::max<std::size_t>(64, events_.size() * 2));
  last_own_.resize(static_cast<std::size_t>(e.thread_count()), kNever);
  capacity_ = static_cast<Step>(events_.size());
  threads_ = static_cast<Tid>(last_own_.size());
}

std::uint64_t History::past(Step s) const {
  const HistoryEvent& e = events_[static_cast<std::size_t>(s)];
  std::uint64_t sum = 0;
  const HistoryEvent* k = &e;
  while (!k->past) {
    k = &events_[static_cast<std::size_t>(k->prev_own)];
    sum += lessons(*k);
  }
  return e.past = k->past + sum;
}

void History::close_with_past(HistoryEvent& e) const {
  if (track_past_ && e.prev0 != kNever && (*this)[e.prev0].t.tid != e.t.tid) e.result += mix(past(e.prev0));
}

void History::clear() {
  rewind(0);
  last_.clear();
  last_own_.clear();
  threads_ = 0;
}

std::size_t History::bytes() const {
  return events_.capacity() * sizeof(HistoryEvent) + last_.capacity() * sizeof(LastAccess) +
         waiters_.capacity() * 2;
}

// Timeouts, exits, tries, and queues with two ends.
void History::adjust(Transition& t, const Engine& e, const Operation& op) {
  if (op.kind == OpKind::Exit) {
    t.arity = 0;
    t.flags |= op.exclusive ? Transition::kExit | Transition::kKillsAll : Transition::kExit;
    return;
  }
  if (op.kind == OpKind::Choose) return;
  std::tie(t.a0, t.a1) = footprint(e.objects(), op, t.alt);
  if (t.alt == kExpire) t.kind = OpKind::Expire;
  if (op.arity && t.a1 && (op.kind == OpKind::Put || op.kind == OpKind::Get))
    t.flags |= Transition::kHasPlace;
  t.arity = 0;
}

// The event also follows what its thread has inherited.
void History::inherit(const Engine& e, const Thread& th, HistoryEvent& ev) {
  if (track_past_ && ev.prev_own != kNever) ev.past = past_after(ev.prev_own);
  for (Step s : th.inherited) {
    ev.since = std::max(ev.since, s + 1);
    if (!track_past_ || s == ev.prev_own) continue;
    // Its thread has gone on since: it has started this one, ended, or arrived at a barrier.
    HistoryEvent& other = events_[static_cast<std::size_t>(s)];
    if (last_own_[other.t.tid] == s) close(other, e.thread(other.t.tid));
    ev.past += mix(past_after(s));
  }
}

void History::access_second(const Engine& e, HistoryEvent& ev) {
  const ObjectId o = object_of(ev.t.a1);
  if (o >= last_.size()) last_.resize(e.objects().size());
  LastAccess& last = last_[o];
  ev.prev1 = last.access;
  ev.prev_write1 = last.write;
  last.access = size_;
  if (is_write(ev.t.a1)) last.write = size_;
}

void History::record_waiters(const Engine& e, HistoryEvent& ev) {
  for (Tid t : e.waiters(object_of(ev.t.a1 ? ev.t.a1 : ev.t.a0)))
    waiters_.push_back(static_cast<std::uint16_t>(t));
  ev.waiters_end = waiters_count_ = static_cast<std::uint32_t>(waiters_.size());
}

void History::rewind(Step step) {
  while (size_ > step) {
    const HistoryEvent& ev = events_[static_cast<std::size_t>(--size_)];
    last_own_[ev.t.tid] = ev.prev_own;
    if (!ev.t.a0) continue;
    last_[object_of(ev.t.a0)] = {ev.prev0, ev.prev_write0};
    if (ev.t.a1) last_[object_of(ev.t.a1)] = {ev.prev1, ev.prev_write1};
  }
  if (waiters_count_)
    waiters_.resize(waiters_count_ = size_ ? events_[static_cast<std::size_t>(size_ - 1)].waiters_end : 0);
}

void History::finish(const Engine& e) {
  for (std::size_t t = 0; t < last_own_.size(); ++t)
    if (last_own_[t] != kNever)
      close(events_[static_cast<std::size_t>(last_own_[t])], e.thread(static_cast<Tid>(t)));
}

}  // namespace raddle::engine
