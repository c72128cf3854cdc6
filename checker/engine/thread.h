// A model thread: its fiber, its pending operation, and what it inherits by happens-before.
#pragma once
#include <memory>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "checker/engine/fiber.h"
#include "checker/engine/list.h"
#include "checker/engine/operation.h"

namespace raddle::engine {

/// A thread's body: any callable, small ones without allocation.
class Body {
 public:
  Body() = default;
  Body(const Body&) = delete;
  Body& operator=(const Body&) = delete;
  ~Body() { clear(); }

  template <class F>
  void set(F&& f) {
    using T = std::decay_t<F>;
    clear();
    if constexpr (sizeof(T) <= sizeof(buffer_) && alignof(T) <= alignof(std::max_align_t)) {
      new (buffer_) T(std::forward<F>(f));
      call_ = [](void* p) { (*static_cast<T*>(p))(); };
      drop_ = std::is_trivially_destructible_v<T> ? nullptr : +[](void* p) { static_cast<T*>(p)->~T(); };
    } else {
      set([owned = std::make_unique<T>(std::forward<F>(f))] { (*owned)(); });
    }
  }
  /// Runs it. Precondition: set.
  void operator()() { call_(buffer_); }
  void clear() {
    if (drop_) std::exchange(drop_, nullptr)(buffer_);
  }

 private:
  void (*call_)(void*) = nullptr;
  void (*drop_)(void*) = nullptr;
  alignas(std::max_align_t) char buffer_[96];
};

/// Why a thread that has no pending operation cannot go on.
enum class Waiting : std::uint8_t {
  No,
  Join,
  Barrier,
  Turn,  // of a thread that is like it (symmetry.h)
  Cut    // for good: by the bound of a loop
};

/// How a thread has gone round a loop.
struct Rounds {
  std::int32_t count = 0;
  std::int32_t events = 0;  // its own ones before the latest round
  std::int32_t deeds = 0;   // Thread::deeds then
  std::uint64_t state = 0;  // Program::local_state then
};

/// Ordered by how often a field is used: an event touches the first two cache lines, a start the third.
struct alignas(64) Thread {
  Operation op;  // pending while in Engine::ready()

  Fiber fiber;
  Tid id = kNoThread;
  Step last_step = kNever;    // its latest event
  std::int32_t count = 0;     // events so far
  Alternative alt = 0;        // alternative of its latest event
  bool killable = false;      // an exit ends it: a daemon, or started by one
  bool notified = false;      // in a condition wait: a notification has chosen it, or its timeout has expired
  std::uint64_t result = 0;   // digest of what its latest event returned to it
  std::uint64_t learned = 0;  // and of what else it has learnt since (Engine::learn)
  bool unsettled = false;     // its latest event has written a watched object, and the program does not know
  bool changed = true;        // ReadModifyWrite: its latest event changed what it touched
  bool learned_past =
      false;           // by its latest event, what all knew who used the object before (Engine::learn_past)
  Step turn = kNever;  // its next event comes behind this one, of a thread that is like it (symmetry.h)
  /// Events that happen before its next one although no access says so: what it inherited at its start, from joins
  /// and from barriers since its latest event. Cleared by its next event.
  List<Step> inherited;

  std::uint64_t name = 1;  // hash of (parent's name, child number): the same in every search
  std::uint64_t kin = 1;   // that of the first of the threads that it is like; its own, if there are none
  Step notifier = kNever;  // the event that set `notified`
  bool started = false;    // in this execution
  bool joined = false;     // in this execution
  bool dropped = false;    // its stack was left without unwinding and has to be prepared afresh
  bool daemon = false;     // does not keep the process alive
  Waiting waiting = Waiting::No;
  Tid waiting_for = kNoThread;  // Waiting::Join: the thread
  ObjectId waiting_on = 0;      // Waiting::Barrier: the barrier
  std::int32_t children = 0, created = 0;
  std::int32_t rested = -1;  // its number of events when it slept or yielded last
  std::int64_t now = 0;  // what it reads from a clock, ns after the start: its own past's sleeps and timeouts
  void* front_end = nullptr;     // the front end's own data
  List<Tid> joiners;             // blocked in join on this thread
  List<Rounds> rounds;           // of each of Engine::loops, in this execution
  OpKind latest = OpKind::None;  // announced; while loops are bounded
  std::int32_t deeds = 0;  // operations that were no mere looks (see polling.h); while loops are bounded
  bool unchanged = false;  // Waiting::Cut: its own state was the same when its last round began
  std::int32_t round = 0;  // Waiting::Cut: number of its events before that round

  Tid parent = kNoThread;
  std::int32_t child_number = 0;  // among its parent's children, from 0
  ObjectId life = 0;              // the object that stands for its being alive
  // Stable over the search: which ids its n-th child and its n-th object have.
  std::vector<Tid> child_ids;
  std::vector<ObjectId> object_ids;
  Body body;
};

}  // namespace raddle::engine
