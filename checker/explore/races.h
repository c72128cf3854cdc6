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
//  - What an operation touches may depend on where it is executed: a put takes another place, a try succeeds or fails. A
//    reversal has the operation as it would be in its new place.
#pragma once
#include <climits>
#include <vector>

#include "checker/engine/clocks.h"
#include "checker/engine/history.h"
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
  bool unsettled = false;  // `place` depends on the whole execution
};

class Races {
 public:
  explicit Races(const engine::History& h) : history_(h) {}

  /// `ev` was appended to the history last: computes its clock and its races.
  void add_event(const engine::Engine& e, engine::HistoryEvent& ev);
  void rewind(engine::Step step) { races_.shrink(step ? history_[step - 1].races_end : 0); }
  engine::List<Race>& list() { return races_; }
  /// What a race wants to see.
  Reversal reversal(const engine::Engine& e, const Race& r) const {
    const engine::HistoryEvent& ev = history_[r.j];
    if (r.kind == Race::Kind::Executed && !depends_on_place(ev)) [[likely]]
      return {r.i, ev.t, r.j, true};
    return other_reversal(e, r);
  }
  /// At the end of an execution: calls f(reversal) for every operation that is still pending, as a virtual last event.
  template <class F>
  void for_each_pending(const engine::Engine& e, F&& f) {
    e.ready().for_each([&](engine::Tid t) {
      // It comes behind one that is pending, too, or behind the exit itself.
      if (e.symmetry().held(t) || (e.exited() && e.thread(t).turn == history_.size() - 1)) return;
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
  /// Calls f(k) for each event from..to-1 that event i does not happen before.
  template <class F>
  void for_each_not_after(engine::Step i, engine::Step from, engine::Step to, F&& f) const {
    const engine::HistoryEvent& ev = history_[i];
    const int width = clocks_.width();
    const engine::ClockTable::Component* known = clocks_.row(from) + ev.t.tid;
    for (engine::Step k = from; k < to; ++k, known += width)
      if (*known < ev.index) f(k);
  }
  /// Does everything that happened so far to `object` happen before the next event of `t`?
  bool ordered(const engine::Engine& e, engine::ObjectId object, engine::Tid t) const;
  /// What happens before event k, itself included: for each thread, how many of its events.
  const engine::ClockTable::Component* clock(engine::Step k) const { return clocks_.row(k); }
  std::size_t bytes() const { return clocks_.bytes() + races_.bytes(); }

 private:
  using Row = engine::ClockTable::Component*;
  using ConstRow = const engine::ClockTable::Component*;

  /// May it do something else, or touch something else, in another place?
  static bool depends_on_place(const engine::HistoryEvent& ev) {
    using engine::OpKind;
    return ev.memory & engine::kTries || ev.t.kind == OpKind::NotifyOne || ev.t.kind == OpKind::Put ||
           ev.t.kind == OpKind::Get;
  }
  void put_in_place(const engine::Engine& e, engine::Transition& t, engine::Step i) const;
  void try_in_place(const engine::Engine& e, Reversal& v, const Race& r) const;
  void place_behind_joins(const engine::QueueEnds& q, Reversal& v) const;
  engine::Step behind_reads(engine::Step i, engine::Step j) const;
  bool succeeds_in_queue(const engine::QueueEnds& q, engine::ObjectId head, engine::OpKind kind,
                         const Race& r) const;
  static void set_success(const engine::Engine& e, engine::Transition& t, bool succeeds);
  void notify_in_place(const engine::Engine& e, engine::Transition& t, const Race& r) const;
  Reversal other_reversal(const engine::Engine& e, const Race& r) const;
  bool covered(engine::Step k, ConstRow clock) const { return history_[k].index <= clock[history_[k].t.tid]; }
  void program_order(const engine::Engine& e, engine::Tid t, engine::Step prev_own, Row clock) const;
  void other_kinds(const engine::Engine& e, const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void notifies(const engine::Engine& e, const engine::HistoryEvent& ev, engine::Step at);
  void meet(engine::Step k, engine::Step at, Row clock);
  void unguarded(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void unguarded_pair(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void guarded(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  void follow_first(const engine::HistoryEvent& ev, Row clock) const;
  void watched_write(const engine::HistoryEvent& ev, engine::Step at, Row clock);
  /// Who used its place in a queue before, or kNever.
  static engine::Step opener(const engine::HistoryEvent& ev) {
    return ev.t.flags & engine::Transition::kHasPlace ? ev.prev1 : engine::kNever;
  }
  void exit_races(const engine::Engine& e, engine::Step at, Row clock);
  engine::Step latest_enabled(engine::ObjectId o, engine::Step from, bool writes_only, std::uint8_t guard,
                              bool holds, bool is_wake, engine::Step notifier, engine::Step opener,
                              ConstRow base) const;
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
  engine::ClockTable clocks_;
  /// What happens before the next event of a thread, for `ordered`: programs end by destroying many objects in a row.
  mutable struct Known {
    std::uint64_t execution = 0;
    engine::Step step = engine::kNever;
    engine::Tid tid = engine::kNoThread;
    std::size_t inherited = 0;
    bool everything = false;
    std::vector<engine::ClockTable::Component> clock;
  } known_;
  std::vector<engine::ClockTable::Component> scratch_, past_;
  engine::List<Race> races_;
};

// What happens before the next event of `t` by program order and inheritance.
[[gnu::always_inline]] inline void Races::program_order(const engine::Engine& e, engine::Tid t,
                                                        engine::Step prev_own, Row clock) const {
  if (prev_own == engine::kNever)
    clocks_.zero(clock);
  else
    clocks_.copy(clock, clocks_.row(prev_own));
  for (engine::Step s : e.thread(t).inherited)
    if (s != prev_own) clocks_.join(clock, clocks_.row(s));
  if (const engine::Step turn = e.thread(t).turn; turn != engine::kNever) [[unlikely]]
    clocks_.join(clock, clocks_.row(turn));
}

// Event k is in conflict with event `at`: a race, unless it is ordered before anyway.
[[gnu::always_inline]] inline void Races::meet(engine::Step k, engine::Step at, Row clock) {
  if (covered(k, clock)) return;
  add(k, at);
  clocks_.join(clock, clocks_.row(k));
}

// An operation that is always possible: it races with the reads since the last write (if it writes itself) and with
// that write, as far as they are not ordered before it anyway. Latest first: what happens before a later one is then
// covered.
[[gnu::always_inline]] inline void Races::unguarded(const engine::HistoryEvent& ev, engine::Step at,
                                                    Row clock) {
  using engine::History;
  if (ev.t.a1) [[unlikely]]
    return unguarded_pair(ev, at, clock);
  const engine::ObjectId o = engine::object_of(ev.t.a0);
  if (!engine::is_write(ev.t.a0)) {  // and with the additions since the latest write
    for (engine::Step k = ev.prev_write0; k != engine::kNever; k = History::previous_write(history_[k], o)) {
      meet(k, at, clock);
      if (History::writes_to(history_[k], o)) break;
    }
    return;
  }
  const bool adds = engine::is_addition(ev.t.a0);
  for (engine::Step k = ev.prev0; k != engine::kNever; k = History::previous(history_[k], o)) {
    const engine::Access other = History::access_to(history_[k], o);
    if (!adds || !engine::is_addition(other)) meet(k, at, clock);
    if (engine::mode_of(other) == engine::kWrites) break;
  }
}

[[gnu::always_inline]] inline void Races::add_event(const engine::Engine& e, engine::HistoryEvent& ev) {
  const engine::Step at = history_.size() - 1;
  clocks_.ensure(at, e.thread_count());
  Row clock = clocks_.row(at);
  program_order(e, ev.t.tid, ev.prev_own, clock);
  clock[ev.t.tid] = ev.index;
  if (engine::is_memory(ev.t.kind))
    unguarded(ev, at, clock);
  else
    other_kinds(e, ev, at, clock);
  ev.races_end = static_cast<std::uint32_t>(races_.size());
}

}  // namespace raddle::explore
