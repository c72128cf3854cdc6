// Happens-before and races of the current execution, for the partial-order reductions.
//
// For each event, computed once when it is first executed and kept while it stays in the prefix: its vector clock,
// and the races that it closes. A race (i, j) says: the operation of event j could have been executed right before
// event i (i and j are concurrent otherwise), so the search has to see that order too.
//
// Blocking operations need more than "dependent and adjacent" (research: see docs/algorithms.md):
//  - A guarded operation (lock, acquire, get, ...) races with the *latest* event on its object before which its
//    guard held; events in between are ordered by the guard itself and are no races.
//  - An operation that was pending but never executed takes part as a *virtual event*: blocked at the end of the
//    execution, killed by an exit, or withdrawn (the timeout of an operation that was served, the operation whose
//    timeout expired, the timeout of a waiter that was notified).
//  - Each other alternative of a choice or of a notification is a race of the event with itself.
#pragma once
#include <climits>
#include <vector>

#include "checker/engine/history.h"
#include "checker/explore/clocks.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

struct Race {
  enum class Kind : std::uint8_t { Executed, Alternative, Withdrawn };
  engine::Step i = 0, j = 0;  // Alternative: i == j. Withdrawn: j is the event that withdrew it
  engine::Tid tid = 0;        // Withdrawn: whose operation
  engine::Alternative alt = 0;
  Kind kind = Kind::Executed;
  /// While the events before this depth stay, the search's verdict on this race stays (INT_MAX: it may change with
  /// any event). See Dpor::reverse.
  engine::Step decided = INT_MAX;
};

/// The operation that is to be executed before event i instead, and where it stands in the sequence.
struct Reversal {
  engine::Step i = 0;
  engine::Transition e2;
  engine::Step place = 0;  // depth from which on e2 was pending
  bool executed = false;   // e2 is the event at `place` itself
};

class Races {
 public:
  explicit Races(const engine::History& h) : history_(h) {}

  /// The event that was appended to the history last: computes its clock and its races.
  void add_event(const engine::Engine& e);
  void rewind(engine::Step step) { races_.resize(step ? races_end_[static_cast<std::size_t>(step - 1)] : 0); }
  std::vector<Race>& list() { return races_; }
  /// What a race wants to see.
  Reversal reversal(const engine::Engine& e, const Race& r) const;
  /// At the end of an execution: calls f(reversal) for every operation that is still pending, as a virtual last event.
  template <class F>
  void for_each_pending(const engine::Engine& e, F&& f) {
    e.ready().for_each([&](engine::Tid t) {
      Reversal r;
      if (e.exited() ? killed(e, t) : blocked(e, t, r)) {
        if (!e.exited()) return f(r);
        // Possible right before the exit, in each of its alternatives; else where it was possible last.
        bool possible = false;
        for_each_alternative(e, t, [&](engine::Tid, engine::Alternative a) {
          possible = true;
          f(Reversal{history_.size() - 1, engine::History::transition(e, t, a), history_.size(), false});
        });
        if (!possible && blocked(e, t, r)) f(r);
      }
    });
  }

  /// Does event i happen before event k?
  bool before(engine::Step i, engine::Step k) const {
    return clocks_.row(k)[history_[i].t.tid] >= history_[i].index;
  }
  /// Does everything that happened so far to `object` happen before the next event of `t`?
  bool ordered(const engine::Engine& e, engine::ObjectId object, engine::Tid t) const;
  std::size_t bytes() const { return clocks_.bytes() + races_.capacity() * sizeof(Race); }

 private:
  using Row = ClockTable::Component*;
  using ConstRow = const ClockTable::Component*;

  bool covered(engine::Step k, ConstRow clock) const { return history_[k].index <= clock[history_[k].t.tid]; }
  void program_order(const engine::Engine& e, engine::Tid t, engine::Step prev_own, Row clock) const;
  void unguarded(engine::Step at, Row clock);
  void guarded_write(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void guarded_read(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void exit_races(const engine::Engine& e, engine::Step at, Row clock);
  engine::Step latest_enabled(engine::ObjectId o, engine::Step from, bool reads_only, std::uint8_t guard,
                              bool holds, bool is_wake, engine::Step notifier, ConstRow base) const;
  /// Did the exit at the end of the execution kill `t`?
  bool killed(const engine::Engine& e, engine::Tid t) const {
    return history_[history_.size() - 1].t.flags & engine::Transition::kKillsAll || e.thread(t).killable;
  }
  /// Where the operation that `t` is blocked in was possible last. false: nowhere, or it is not blocked.
  bool blocked(const engine::Engine& e, engine::Tid t, Reversal& r);
  void add(engine::Step i, engine::Step j) { races_.push_back({i, j, 0, 0, Race::Kind::Executed, INT_MAX}); }
  bool notified_by_then(engine::Step i, engine::Step notifier) const {
    return notifier != engine::kNever && (notifier < i || !before(i, notifier));
  }

  const engine::History& history_;
  ClockTable clocks_;
  std::vector<ClockTable::Component> scratch_;
  std::vector<Race> races_;
  std::vector<std::uint32_t> races_end_;  // races found up to and including event s
};

}  // namespace raddle::explore
