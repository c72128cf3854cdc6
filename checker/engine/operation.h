// The operation table: every kind of visible operation, when it is enabled (guard) and what it touches (footprint).
// This file alone says which operations commute; the explorations, the brute-force reference and the detectors
// all read it from here.
//
// An operation is announced by its thread (it is then *pending*), waits until it is chosen, and is executed in one
// piece; the executed operation is an *event*. Two events are dependent iff they belong to the same thread or their
// footprints conflict (same object, at least one write). Two more sources of order are edges, not accesses: what a
// thread inherits from its parent, from threads it joined and from barriers it passed (Thread::inherited), and the
// wake-up of a waiter by the notification that chose it (Thread::notifier).
//
// Soundness of the table (it is checked against brute force in tests/fuzz): whenever two operations can disable each
// other, enable each other, or change each other's result or alternatives, they conflict or are ordered by an edge.
//
// An operation that is *tried* (kTries) is a write where it succeeds, and only a read where it fails: that follows from the
// state in which it is executed (`succeeds`). Whether it succeeds can change only by a write of its object, with which
// both conflict. So an event's footprint stays the same wherever it can be moved to; what a race reverses has the one of
// its new place (Races::try_in_place).
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "checker/engine/ids.h"

namespace raddle::engine {

/// A footprint entry: object * 4 + mode; 0 = no entry. A read and an addition are in conflict, two reads are not, nor are
/// two additions: whoever adds does not see what was there, and the sum is the same in any order.
using Access = std::uint32_t;
enum AccessMode : std::uint32_t { kReads = 1, kAdds = 2, kWrites = 3 };
constexpr Access reads(ObjectId o) { return o << 2 | kReads; }
constexpr Access adds(ObjectId o) { return o << 2 | kAdds; }
constexpr Access writes(ObjectId o) { return o << 2 | kWrites; }
constexpr ObjectId object_of(Access a) { return a >> 2; }
constexpr AccessMode mode_of(Access a) { return static_cast<AccessMode>(a & 3); }
/// Does it change the object? An addition does, too.
constexpr bool is_write(Access a) { return a & 2; }
constexpr bool is_addition(Access a) { return mode_of(a) == kAdds; }
constexpr bool conflict(Access a, Access b) {
  const Access difference = a ^ b;  // below 4: the same object
  return difference < 4 && (difference != 0 || mode_of(a) == kWrites);
}

enum class OpKind : std::uint8_t {
  None,
  // memory
  Read,
  Write,
  ReadModifyWrite,
  Add,  // of which the thread does not learn what was there
  // mutex: n = owner + 1, 0 when free; cap = kOwned where nobody else may unlock it
  Lock,
  TryLock,
  Unlock,
  Locked,
  // condition variable: Wait releases the mutex and enqueues; Wake re-acquires it after a notification or a timeout
  Wait,
  Wake,
  NotifyOne,
  NotifyAll,
  // semaphore: n = count
  Acquire,
  TryAcquire,
  Release,
  // event (manual reset): n = 1 when set
  EventWait,
  EventSet,
  EventClear,
  EventTest,
  // bounded queue: n = length, cap = capacity (its ends may be objects of their own, see queue_ends.h); where somebody waits until all its items have been dealt with,
  // n = 2 * length, cap = 2 * capacity, less 1 while there are some that have not
  Put,
  TryPut,
  Get,
  TryGet,
  QueueTest,
  QueueUpdate,
  QueueJoin,
  // once flag: n = 0 new, 1 running, 2 done
  OnceBegin,
  OnceEnd,
  // barrier, where it has to be visible (see barrier.h): n = arrived in this phase
  Arrive,
  // threads: the object is the thread's life, n = 1 after its end
  ThreadEnd,
  ThreadAlive,
  TimedJoin,
  // the process ends; every thread that it kills is affected
  Exit,
  // an object's life ends
  Destroy,
  // data choice, no footprint
  Choose,
  // sleep under a virtual clock (never part of an exhaustive search)
  Sleep,
  // the timeout of a timed operation: an alternative of that operation, see kExpire
  Expire,
  kCount
};

/// When an operation is enabled, as a bit over the state (n, cap) of its first object. `guards_of` computes all bits
/// at once, so that "was this operation possible before event k" is one test of a recorded byte.
enum Guard : std::uint8_t {
  kAlways = 0,
  kIfZero = 1,      // n == 0: free
  kIfPositive = 2,  // n > 0: units, items, set, ended
  kIfRoom = 4,      // n < cap
  kIfNotOne = 8,    // n != 1: nobody is running the once function
  kIfEven = 16,     // cap is even: all items have been dealt with
};

/// Which part of the table row an operation's footprint uses.
enum class Footprint : std::uint8_t { None, Read, Add, Write, WriteBoth };

struct OpInfo {
  const char* name;
  Footprint footprint;
  Guard guard;
  Guard succeeds = kAlways;  // where it is tried
};

/// The table. Conservative by design: operations on one synchronization object are writes unless they only look.
// clang-format off: one row each
inline constexpr std::array<OpInfo, static_cast<std::size_t>(OpKind::kCount)> kOperations = {{
    {"none", Footprint::None, kAlways},
    {"read", Footprint::Read, kAlways},
    {"write", Footprint::Write, kAlways},
    {"read-modify-write", Footprint::Write, kAlways},
    {"add", Footprint::Add, kAlways},
    {"lock", Footprint::Write, kIfZero},
    {"try-lock", Footprint::Write, kAlways, kIfZero},
    {"unlock", Footprint::Write, kAlways},
    {"locked", Footprint::Read, kAlways},
    {"wait", Footprint::WriteBoth, kAlways},  // mutex, condition variable
    {"wake", Footprint::Write, kIfZero},      // mutex; and the thread must have been notified or timed out
    {"notify-one", Footprint::Write, kAlways},
    {"notify-all", Footprint::Write, kAlways},
    {"acquire", Footprint::Write, kIfPositive},
    {"try-acquire", Footprint::Write, kAlways, kIfPositive},
    {"release", Footprint::Write, kAlways},
    {"event-wait", Footprint::Read, kIfPositive},
    {"event-set", Footprint::Write, kAlways, kIfZero},
    {"event-clear", Footprint::Write, kAlways, kIfPositive},
    {"event-test", Footprint::Read, kAlways},
    {"put", Footprint::Write, kIfRoom},
    {"try-put", Footprint::Write, kAlways, kIfRoom},
    {"get", Footprint::Write, kIfPositive},
    {"try-get", Footprint::Write, kAlways, kIfPositive},
    {"queue-test", Footprint::Read, kAlways},
    {"queue-update", Footprint::Write, kAlways},
    {"queue-join", Footprint::Read, kIfEven},
    {"once-begin", Footprint::Write, kIfNotOne, kIfZero},
    {"once-end", Footprint::Write, kAlways},
    {"arrive", Footprint::Write, kAlways},
    {"end", Footprint::Write, kAlways},
    {"is-alive", Footprint::Read, kAlways},
    {"timed-join", Footprint::Read, kIfPositive},
    {"exit", Footprint::None, kAlways},  // conflicts with every operation of the threads it kills
    {"destroy", Footprint::Write, kAlways},
    {"choose", Footprint::None, kAlways},
    {"sleep", Footprint::None, kAlways},   // guarded by the virtual clock
    {"expire", Footprint::Read, kAlways},  // of a wake a write: the thread no longer waits
}};
// clang-format on

constexpr const OpInfo& info(OpKind k) { return kOperations[static_cast<std::size_t>(k)]; }
/// The guards alone, for the innermost loops.
inline constexpr auto kGuards = [] {
  std::array<std::uint8_t, kOperations.size()> guards{};
  for (std::size_t k = 0; k < guards.size(); ++k) guards[k] = kOperations[k].guard;
  return guards;
}();
constexpr const char* name(OpKind k) { return info(k).name; }
constexpr bool is_memory(OpKind k) { return k <= OpKind::Add; }
/// Does it take a lock for its thread, if it succeeds?
constexpr bool takes_lock(OpKind k) { return k == OpKind::Lock || k == OpKind::TryLock || k == OpKind::Wake; }
/// Does it take a unit of a semaphore, if it succeeds?
constexpr bool takes_unit(OpKind k) { return k == OpKind::Acquire || k == OpKind::TryAcquire; }
/// The operation with this name; None: there is none.
constexpr OpKind operation_named(std::string_view name) {
  for (std::size_t k = 1; k < kOperations.size(); ++k)
    if (kOperations[k].name == name) return static_cast<OpKind>(k);
  return OpKind::None;
}

/// Alternatives of a transition: the value of a Choose; for NotifyOne the chosen waiter's id + 1 (0: nobody waits);
/// kExpire for the timeout of a timed operation; 0 otherwise. A thread with its pending operation and an alternative
/// is a *transition*. (The literature's timer process of a thread is this alternative: it shares the thread's
/// program order, and its firing withdraws the operation just as any other alternative of it would.)
using Alternative = std::uint16_t;
inline constexpr Alternative kExpire = 0xFFFF;
inline constexpr int kMaxArity = 0xFFFE;

/// What a memory operation is to the program's own order of events (detectors ask; which operations commute does not
/// depend on it, but for kTries). 0: atomic, it orders what comes before a write and after a read of what was written.
enum Memory : std::uint8_t {
  kUnordered = 1,    // orders nothing: a plain access
  kPlainFirst = 2,   // its access to the first object is a plain one, which somebody has to order
  kPlainSecond = 4,  // its access to the second object is
  kPartial = 8,      // an atomic write of a part: what was written before can be read as well
  kGlued = 16,       // nobody can come between this and the event of the same thread before it
  kUnited =
      32,  // its object stands for several things: what one access finds says nothing of what another does
  kTries = 64,  // of any kind: where it does not succeed, it changes nothing, and counts as a read
  kPlain = kUnordered | kPlainFirst,
};

/// What a thread will do next. (One cache line.)
struct Operation {
  Access a0 = 0, a1 = 0;  // footprint
  OpKind kind = OpKind::None;
  bool timed = false;       // has a timeout that may expire
  bool exclusive = false;   // Exit: kills every thread, not only daemons
  std::uint8_t memory = 0;  // Memory
  std::uint16_t arity = 0;  // Choose: number of alternatives. Queues: kTwoEnds, or 0. Exit: 1
  ObjectId expires_on = 0;  // timed: the object whose state the timeout changes
  /// Write: a digest of what is written (equal values, equal digests). ReadModifyWrite with kTries: the `n` of its object
  /// with which it succeeds, and in the upper half which bits of `n` there are. Add: what is added to `n`.
  std::uint64_t value = 0;
  Site site;
  std::int64_t deadline = 0;  // timed and Sleep, under a virtual clock: ns since the start of the execution
};

/// State of an object as far as guards and alternatives need it.
struct ObjectState {
  std::int32_t n = 0;
  std::int32_t cap = 0;
};

/// Operation::arity of operations on a queue whose ends are told apart (queue_ends.h): the object in `a0` is the queue's,
/// and what they touch is found when they are executed (queue_footprint).
inline constexpr std::uint16_t kTwoEnds = 1;

/// ObjectState::cap of a mutex that only its owner may unlock.
inline constexpr std::int32_t kOwned = 1;

/// ObjectState::cap of an object whose life has ended.
inline constexpr std::int32_t kDestroyed = INT32_MIN;

/// All guard bits of a state.
constexpr std::uint8_t guards_of(const ObjectState& s) {
  return static_cast<std::uint8_t>((s.n == 0) | (s.n > 0) << 1 | (s.n < s.cap) << 2 | (s.n != 1) << 3 |
                                   (~s.cap & 1) << 4);
}

/// Does an operation with kTries succeed in this state? `n`, `guards`: of its object.
constexpr bool succeeds(OpKind kind, std::uint64_t value, std::int32_t n, std::uint8_t guards) {
  if (kind == OpKind::ReadModifyWrite)
    return static_cast<std::uint32_t>(value) == static_cast<std::uint32_t>(n);
  return guards & info(kind).succeeds;
}
constexpr bool succeeds(const Operation& op, const ObjectState& s) {
  return succeeds(op.kind, op.value, s.n, guards_of(s));
}

}  // namespace raddle::engine
