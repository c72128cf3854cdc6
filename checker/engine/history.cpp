#include "checker/engine/history.h"

namespace raddle::engine {

void History::grow() { events_.resize(std::max<std::size_t>(64, events_.size() * 2)); }

void History::clear() {
  rewind(0);
  last_.clear();
  last_own_.clear();
}

std::size_t History::bytes() const {
  return events_.capacity() * sizeof(HistoryEvent) + last_.capacity() * sizeof(LastAccess) +
         waiters_.capacity() * 2;
}

Transition History::transition(const Engine& e, Tid tid, Alternative alt) {
  const Thread& th = e.thread(tid);
  const Operation& op = th.op;
  Transition t;
  t.tid = static_cast<std::uint16_t>(tid);
  t.alt = alt;
  if (alt == kExpire && op.timed) {
    t.kind = OpKind::Expire;
    t.a0 = info(op.kind).footprint == Footprint::Read ? reads(op.expires_on) : writes(op.expires_on);
  } else {
    t.kind = op.kind;
    t.a0 = op.a0, t.a1 = op.a1;
    t.arity = op.arity;
  }
  t.flags = static_cast<std::uint8_t>((th.killable ? Transition::kKillable : 0) |
                                      (op.kind != OpKind::Exit ? 0
                                       : op.exclusive          ? Transition::kExit | Transition::kKillsAll
                                                               : Transition::kExit) |
                                      (op.timed && e.timeouts() ? Transition::kTimed : 0));
  return t;
}

HistoryEvent& History::append(const Engine& e, Tid tid, Alternative alt) {
  if (static_cast<std::size_t>(size_) == events_.size()) grow();
  const Thread& th = e.thread(tid);
  const Operation& op = th.op;
  const auto thread = static_cast<std::size_t>(tid);
  if (thread >= last_own_.size()) last_own_.resize(static_cast<std::size_t>(e.thread_count()), kNever);
  HistoryEvent& ev = events_[static_cast<std::size_t>(size_)];
  ev.t = transition(e, tid, alt);
  ev.base = op.kind;
  ev.flags = op.flags;
  ev.index = th.count + 1;
  ev.prev_own = last_own_[thread];
  ev.value = op.value;
  ev.result = 0;
  ev.site = op.site;
  ev.notifier = op.kind == OpKind::Wake && alt != kExpire ? th.notifier : kNever;
  ev.since = ev.prev_own + 1;
  for (Step s : th.inherited) ev.since = std::max(ev.since, s + 1);
  if (ev.prev_own != kNever) events_[static_cast<std::size_t>(ev.prev_own)].result = th.result;
  if (track_past_) {
    std::uint64_t past = ev.prev_own == kNever ? th.name : past_after(ev.prev_own);
    for (Step s : th.inherited) {
      if (s == ev.prev_own) continue;
      // Its thread has gone on since: it has started this one, ended, or arrived at a barrier.
      HistoryEvent& other = events_[static_cast<std::size_t>(s)];
      if (last_own_[other.t.tid] == s) other.result = e.thread(other.t.tid).result;
      past += mix(past_after(s));
    }
    ev.past = past;
  }
  ev.prev0 = ev.prev1 = ev.prev_write0 = ev.prev_write1 = kNever;
  ev.waiters_begin = ev.waiters_end = static_cast<std::uint32_t>(waiters_.size());
  ev.guards = 0;
  if (ev.t.a0) {
    if (last_.size() < e.objects().size()) last_.resize(e.objects().size());
    const ObjectId o = object_of(ev.t.a0);
    LastAccess& last = last_[o];
    ev.guards = guards_of(e.object(o));
    ev.prev0 = last.access;
    ev.prev_write0 = last.write;
    last.access = size_;
    if (is_write(ev.t.a0)) last.write = size_;
    if (ev.t.a1) {
      LastAccess& last1 = last_[object_of(ev.t.a1)];
      ev.prev1 = last1.access;
      ev.prev_write1 = last1.write;
      last1.access = size_;
      if (is_write(ev.t.a1)) last1.write = size_;
    }
    const ObjectId condition = ev.t.a1 ? object_of(ev.t.a1) : o;
    if (const auto& w = e.waiters(condition); !w.empty()) {
      for (Tid t : w) waiters_.push_back(static_cast<std::uint16_t>(t));
      ev.waiters_end = static_cast<std::uint32_t>(waiters_.size());
    }
  }
  last_own_[thread] = size_++;
  return ev;
}

void History::rewind(Step step) {
  while (size_ > step) {
    const HistoryEvent& ev = events_[static_cast<std::size_t>(--size_)];
    last_own_[ev.t.tid] = ev.prev_own;
    if (!ev.t.a0) continue;
    last_[object_of(ev.t.a0)] = {ev.prev0, ev.prev_write0};
    if (ev.t.a1) last_[object_of(ev.t.a1)] = {ev.prev1, ev.prev_write1};
  }
  waiters_.resize(size_ ? events_[static_cast<std::size_t>(size_ - 1)].waiters_end : 0);
}

void History::finish(const Engine& e) {
  for (std::size_t t = 0; t < last_own_.size(); ++t)
    if (last_own_[t] != kNever)
      events_[static_cast<std::size_t>(last_own_[t])].result = e.thread(static_cast<Tid>(t)).result;
}

}  // namespace raddle::engine
