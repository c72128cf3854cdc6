// The events of the current execution, as a search needs them: what was executed, and for each event its neighbours
// on the same object and in the same thread. Depth-first searches keep it between executions: `rewind` forgets the
// events behind a branching point, and what stands before it needs no work when it is replayed.
//
// Nothing here depends on the exploration: clocks and races are the strategies' business.
#pragma once
#include <algorithm>
#include <vector>

#include "checker/engine/engine.h"

namespace raddle::engine {

/// A transition with its footprint, named independently of where in the execution it is executed.
struct Transition {
  Access a0 = 0, a1 = 0;
  std::uint16_t tid = 0;
  Alternative alt = 0;
  OpKind kind = OpKind::None;
  std::uint8_t flags = 0;
  std::uint16_t arity = 0;

  enum Flags : std::uint8_t {
    kKillable = 1,   // of a thread that an Exit ends
    kKillsAll = 2,   // an Exit that ends every thread
    kTimed = 4,      // has a timeout that may expire
    kExit = 8,       // an Exit
    kHasPlace = 16,  // a Put or Get whose second object is the place of its item
  };
};

inline bool conflict(const Transition& x, const Transition& y) {
  if (conflict(x.a0, y.a0)) return true;
  if ((x.a1 | y.a1) != 0 && (conflict(x.a0, y.a1) || conflict(x.a1, y.a0) || conflict(x.a1, y.a1)))
    return true;
  if (((x.flags | y.flags) & Transition::kExit) == 0) [[likely]]
    return false;
  auto kills = [](const Transition& exit, const Transition& other) {
    return exit.flags & Transition::kExit &&
           (exit.flags & Transition::kKillsAll || other.flags & Transition::kKillable);
  };
  return kills(x, y) || kills(y, x);
}
/// Neither of the same thread nor in conflict.
inline bool independent(const Transition& x, const Transition& y) {
  return x.tid != y.tid && !conflict(x, y);
}

/// The latest accesses to an object: of all, and of those that change it.
struct LastAccess {
  Step access = kNever, write = kNever;
};

/// The first cache line is for happens-before and races, the second for detectors and fingerprints.
struct alignas(64) HistoryEvent {
  Transition t;
  std::int32_t index = 0;                     // 1, 2, ... within its thread
  Step prev_own = kNever;                     // previous event of the same thread
  Step prev0 = kNever, prev_write0 = kNever;  // previous access and write, or addition, to the first object
  Step prev1 = kNever, prev_write1 = kNever;  // the same of the second object
  Step notifier = kNever;                     // Wake: the notification, or the thread's own Expire
  Step since = 0;  // number of events after which it was pending: nothing that it waits for came later
  union {
    std::uint32_t waiters_begin = 0;  // condition variables: the waiters before the event
    std::int32_t n;                   // memory: ObjectState::n of the first object before the event
  };
  std::uint32_t waiters_end = 0;
  OpKind base = OpKind::None;   // t.kind, or the operation whose timeout expired
  std::uint8_t guards = 0;      // guards_of the first object, or queue, before the event
  bool changed = true;          // Thread::changed, known once the thread has gone on
  std::uint8_t memory = 0;      // Operation::memory
  std::uint32_t races_end = 0;  // the search's own: races found up to and including this event

  alignas(64) std::uint64_t name = 0;  // the same in every execution and search: of its thread, and index
  std::uint64_t value = 0;             // Operation::value; of a queue with two ends: the QueuePosition
  std::uint64_t result = 0;            // Thread::result, known once the thread has gone on
  mutable std::uint64_t past = 0;      // see History::past; 0: not computed
  std::uint64_t print = 0;  // the search's own: fingerprint of the class of all events up to this one
  Site site;
};

class History {
 public:
  Step size() const { return size_; }
  const HistoryEvent& operator[](Step s) const { return events_[static_cast<std::size_t>(s)]; }
  const LastAccess& last(ObjectId o) const { return o < last_.size() ? last_[o] : kNone; }
  /// Latest event of a thread, or kNever.
  Step last_own(Tid t) const {
    return static_cast<std::size_t>(t) < last_own_.size() ? last_own_[static_cast<std::size_t>(t)] : kNever;
  }
  /// Waiters before event `s`, longest first.
  const std::uint16_t* waiters_begin(const HistoryEvent& e) const {
    return waiters_.data() + e.waiters_begin;
  }
  const std::uint16_t* waiters_end(const HistoryEvent& e) const { return waiters_.data() + e.waiters_end; }
  bool was_waiting(const HistoryEvent& e, Tid t) const {
    return std::find(waiters_begin(e), waiters_end(e), t) != waiters_end(e);
  }
  /// Previous access to object `o` before event `e`, which touches it.
  static Step previous(const HistoryEvent& e, ObjectId o) {
    return object_of(e.t.a0) == o ? e.prev0 : e.prev1;
  }
  static Step previous_write(const HistoryEvent& e, ObjectId o) {
    return object_of(e.t.a0) == o ? e.prev_write0 : e.prev_write1;
  }
  /// How event `e` touches object `o`, which it does touch.
  static Access access_to(const HistoryEvent& e, ObjectId o) {
    return object_of(e.t.a0) == o ? e.t.a0 : e.t.a1;
  }
  /// Does event `e` write object `o`, which it touches? All that touch it later then happen after it.
  static bool writes_to(const HistoryEvent& e, ObjectId o) { return mode_of(access_to(e, o)) == kWrites; }
  /// What the event adds to what its thread has learnt: a sum over all of them is order-free, so that one event can
  /// be taken out of it again.
  static std::uint64_t lesson(const HistoryEvent& e, std::uint64_t result) {
    return mix(result * 0x9E3779B97F4A7C15ull + static_cast<std::uint64_t>(e.index) * 0xC2B2AE3D27D4EB4Full +
               (static_cast<std::uint64_t>(e.t.kind) << 16) + e.t.alt);
  }
  /// Has event `s` changed what it writes? Of a thread's latest event the thread itself knows.
  bool changed(const Engine& e, Step s) const {
    const HistoryEvent& ev = (*this)[s];
    return last_own(ev.t.tid) == s ? e.thread(ev.t.tid).changed : ev.changed;
  }
  /// Digest of everything that the thread of event `s` had learnt before it: of all results before it in its own past
  /// and in what it inherited. Precondition: track_past.
  std::uint64_t past(Step s) const;
  /// Keep what `past` needs.
  void track_past(bool on) { track_past_ = on; }

  /// The pending operation of `tid` is about to be executed with alternative `alt`: records it.
  HistoryEvent& append(const Engine& e, Tid tid, Alternative alt);
  HistoryEvent& operator[](Step s) { return events_[static_cast<std::size_t>(s)]; }
  /// Forgets all events from `step` on.
  void rewind(Step step);
  /// The execution is over: completes what was open (results).
  void finish(const Engine& e);
  void clear();
  std::size_t bytes() const;

  /// HistoryEvent::name of the next event of a thread.
  static std::uint64_t name_of_next(const Thread& th) {
    return th.name + static_cast<std::uint64_t>(th.count + 1) * 0x9E3779B97F4A7C15ull;
  }
  /// The transition that `tid` would execute now.
  static Transition transition(const Engine& e, Tid tid, Alternative alt) {
    Transition t;
    fill(t, e, e.thread(tid), alt);
    return t;
  }

 private:
  static constexpr LastAccess kNone{};
  std::uint64_t past_after(Step s) const { return past(s) + lessons((*this)[s]); }
  /// Its thread has gone on: what the event returned is known. What the thread learnt besides is kept apart from what
  /// it read; a Read has no `value` of its own.
  void close(HistoryEvent& e, const Thread& th) const {
    e.result = th.result;
    e.changed = th.changed;
    if (e.t.kind == OpKind::Read)
      e.value = th.learned;
    else
      e.result += th.learned;
    if (th.learned_past) [[unlikely]]
      close_with_past(e);
  }
  void close_with_past(HistoryEvent& e) const;
  static std::uint64_t lessons(const HistoryEvent& e) {
    return lesson(e, e.result) + (e.t.kind == OpKind::Read ? e.value : 0);
  }
  static void fill(Transition& t, const Engine& e, const Thread& th, Alternative alt) {
    t.a0 = th.op.a0, t.a1 = th.op.a1;
    t.tid = static_cast<std::uint16_t>(th.id);
    t.alt = alt;
    t.kind = th.op.kind;
    t.flags = th.killable;
    static_assert(Transition::kKillable == 1);
    if (is_memory(th.op.kind)) [[likely]] {  // these have nothing of what follows
      t.arity = 0;
      if (th.op.memory & kTries) [[unlikely]]
        adjust(t, e, th.op);
      return;
    }
    if (th.op.timed && e.timeouts()) [[unlikely]]
      t.flags |= Transition::kTimed;
    t.arity = th.op.arity;
    if (alt == kExpire || t.arity || th.op.memory & kTries) [[unlikely]]
      adjust(t, e, th.op);
  }
  static void adjust(Transition& t, const Engine& e, const Operation& op);
  void inherit(const Engine& e, const Thread& th, HistoryEvent& ev);
  void access_second(const Engine& e, HistoryEvent& ev);
  void record_waiters(const Engine& e, HistoryEvent& ev);
  void make_room(const Engine& e);

  Step size_ = 0, capacity_ = 0;
  Tid threads_ = 0;
  std::uint32_t waiters_count_ = 0;
  bool track_past_ = false;
  std::vector<HistoryEvent> events_;
  std::vector<LastAccess> last_;
  std::vector<Step> last_own_;
  std::vector<std::uint16_t> waiters_;
};

// Here because it is the innermost loop of a search: inlined where events are committed.
[[gnu::always_inline]] inline HistoryEvent& History::append(const Engine& e, Tid tid, Alternative alt) {
  const Thread& th = e.thread(tid);
  const Operation& op = th.op;
  const Step at = size_;
  if (at == capacity_ || tid >= threads_) [[unlikely]]
    make_room(e);
  HistoryEvent& ev = events_[static_cast<std::size_t>(at)];
  fill(ev.t, e, th, alt);
  ev.index = th.count + 1;
  const Step own = std::exchange(last_own_[static_cast<std::size_t>(tid)], at);
  ev.prev_own = own;
  ev.prev0 = ev.prev_write0 = ev.prev1 = ev.prev_write1 = ev.notifier = kNever;
  ev.since = std::max(own, th.turn) + 1;
  ev.waiters_begin = ev.waiters_end = waiters_count_;
  ev.base = op.kind;
  ev.guards = 0;
  ev.changed = true;
  ev.memory = op.memory;
  ev.name = name_of_next(th);
  ev.value = op.value;
  ev.result = 0;
  ev.site = op.site;
  if (own == kNever) {
    ev.past = th.kin + th.learned;
  } else {
    ev.past = 0;
    close(events_[static_cast<std::size_t>(own)], th);
  }
  if (!th.inherited.empty()) [[unlikely]]
    inherit(e, th, ev);
  if (const ObjectId o = object_of(ev.t.a0)) {
    if (o >= last_.size()) [[unlikely]]
      last_.resize(e.objects().size());
    LastAccess& last = last_[o];
    ev.prev0 = last.access;
    ev.prev_write0 = last.write;
    last.access = at;
    if (is_write(ev.t.a0)) last.write = at;
    if (ev.t.a1) [[unlikely]]
      access_second(e, ev);
    ev.guards = guards_of(e.object(o));  // of reads, too: a front end may look at a lock or a queue directly
    if (is_memory(op.kind)) {
      ev.n = e.object(o).n;
    } else {
      if (e.objects().have_waiters()) record_waiters(e, ev);
      if (op.kind == OpKind::Wake && alt != kExpire) ev.notifier = th.notifier;
      if (op.arity) [[unlikely]] {  // a queue: the others touch nothing
        ev.value = e.objects().ends(o).now.packed();
        ev.guards = guards_of(e.object(object_of(op.a0)));
      }
    }
  }
  size_ = at + 1;
  return ev;
}

}  // namespace raddle::engine
