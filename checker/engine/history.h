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
    kKillable = 1,  // of a thread that an Exit ends
    kKillsAll = 2,  // an Exit that ends every thread
    kTimed = 4,     // has a timeout that may expire
    kExit = 8,      // an Exit
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

struct HistoryEvent {
  Transition t;
  OpKind base = OpKind::None;                       // t.kind, or the operation whose timeout expired
  std::uint8_t guards = 0;                          // guards_of the first object before the event
  std::uint8_t flags = 0;                           // Operation::flags
  std::int32_t index = 0;                           // 1, 2, ... within its thread
  Step prev0 = kNever, prev1 = kNever;              // previous access to the first and second object
  Step prev_write0 = kNever, prev_write1 = kNever;  // previous write to them
  Step prev_own = kNever;                           // previous event of the same thread
  Step notifier = kNever;                           // Wake: the notification, or the thread's own Expire
  Step since = 0;  // number of events after which it was pending: nothing that it waits for came later
  std::uint32_t waiters_begin = 0, waiters_end = 0;  // condition variables: the waiters before the event
  std::uint64_t value = 0;                           // Operation::value
  std::uint64_t result = 0;                          // Thread::result, known once the thread has gone on
  std::uint64_t past = 0;  // digest of everything its thread has learnt before it (see History::track_past)
  Site site;
};

/// The latest accesses to an object.
struct LastAccess {
  Step access = kNever, write = kNever;
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
  /// Does event `e` write object `o`, which it touches?
  static bool writes_to(const HistoryEvent& e, ObjectId o) {
    return is_write(object_of(e.t.a0) == o ? e.t.a0 : e.t.a1);
  }
  /// What the event adds to what its thread has learnt: a sum over all of them is order-free, so that one event can
  /// be taken out of it again.
  static std::uint64_t lesson(const HistoryEvent& e, std::uint64_t result) {
    return mix(result * 0x9E3779B97F4A7C15ull + mix((static_cast<std::uint64_t>(e.index) << 24) +
                                                    (static_cast<std::uint64_t>(e.t.kind) << 16) + e.t.alt));
  }
  /// Have digests of the threads' pasts computed (HistoryEvent::past).
  void track_past(bool on) { track_past_ = on; }

  /// The pending operation of `tid` is about to be executed with alternative `alt`: records it.
  HistoryEvent& append(const Engine& e, Tid tid, Alternative alt);
  /// Forgets all events from `step` on.
  void rewind(Step step);
  /// The execution is over: completes what was open (results).
  void finish(const Engine& e);
  void clear();
  std::size_t bytes() const;

  /// The transition that `tid` would execute now.
  static Transition transition(const Engine& e, Tid tid, Alternative alt);

 private:
  static constexpr LastAccess kNone{};
  std::uint64_t past_after(Step s) const {
    const HistoryEvent& e = (*this)[s];
    return e.past + lesson(e, e.result);
  }
  void grow();

  Step size_ = 0;
  bool track_past_ = false;
  std::vector<HistoryEvent> events_;
  std::vector<LastAccess> last_;
  std::vector<Step> last_own_;
  std::vector<std::uint16_t> waiters_;
};

}  // namespace raddle::engine
