// What a switch between threads costs in a bounded search: preemptions, or delays.
//
// A preemption takes the processor from a thread that could have gone on; in the beginning that is main. Free are switches away from a thread that
// has ended, is blocked, sleeps or has yielded, and from one that is about to go another round in a loop that never
// ends by itself (Engine::loops): a fair scheduler would not let it spin. A timeout that expires is no switch: it
// costs nothing, and whoever was running can go on for nothing; if that one had let others go on, anybody can.
//
// A delay passes over the thread whose turn it is. The turns are those of a scheduler that never preempts: whoever is
// running goes on, and if it cannot, the next one that can in the order of threads' names, cyclically. After S. Emmi,
// S. Qadeer, Z. Rakamaric, "Delay-Bounded Scheduling", POPL 2011, section 3, with that scheduler in the place of
// theirs.
#pragma once
#include <cstdint>
#include <vector>

#include "checker/explore/thread_order.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

enum class BoundKind : std::uint8_t { Preemptions, Delays };

/// May another thread than `t`, which was running, go on without that being a preemption?
bool lets_go(const engine::Engine& e, engine::Tid t);

class SwitchCost {
 public:
  explicit SwitchCost(BoundKind kind) : kind_(kind) {}

  /// The state before the next event; `last`: the thread that was running, or kNoThread. No thread is launchable.
  void look(const engine::Engine& e, engine::Tid last);
  /// Of going on with `d`. Precondition: look.
  int of(engine::Decision d) const {
    if (d.alt == engine::kExpire || free_ || d.tid == last_) return 0;
    return kind_ == BoundKind::Preemptions ? 1 : delays_[static_cast<std::size_t>(d.tid)];
  }
  /// Who is running when `d` has been executed.
  engine::Tid running_after(const engine::Engine& e, engine::Tid last, engine::Decision d) const {
    if (d.alt != engine::kExpire) return d.tid;
    return kind_ == BoundKind::Preemptions && lets_go(e, last) ? engine::kNoThread : last;
  }
  /// The thread's number in the order of names: the same however the threads were met. Precondition: look.
  int rank(engine::Tid t) const { return order_.rank(t); }
  /// Does it make no difference who was running?
  bool forgets() const { return free_; }

 private:
  void count_delays(const engine::Engine& e);

  BoundKind kind_;
  engine::Tid last_ = engine::kNoThread;
  bool free_ = true;
  ThreadOrder order_;
  std::vector<int> delays_;  // by thread
};

}  // namespace raddle::explore
