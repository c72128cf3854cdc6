// What every search does with the executions that it produces: keeps their history, runs the detectors, counts, and
// decides when to stop. A strategy that explores owns none of this; it calls `commit` for each new event, `rewind`
// when it branches off, and `end` after each execution.
#pragma once
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <unordered_map>
#include <vector>

#include "checker/detect/detector.h"
#include "checker/engine/flat_map.h"
#include "checker/engine/wire.h"
#include "checker/explore/fingerprint.h"

namespace raddle::explore {

/// When a search ends other than by itself.
struct Limits {
  std::uint64_t executions = std::numeric_limits<std::uint64_t>::max();
  double seconds = std::numeric_limits<double>::infinity();  // wall clock
  bool first_finding = false;                                // stop at the first error
  const std::atomic<bool>* interrupt = nullptr;              // set by a signal handler
};

enum class StopReason : std::uint8_t {
  None,
  Exhausted,
  FirstFinding,
  Executions,
  Time,
  Interrupted,
  Aborted,
  Crashed  // the model, and the process with it
};
/// Has the model ended it by what it does?
constexpr bool is_broken_off(StopReason s) { return s == StopReason::Aborted || s == StopReason::Crashed; }

/// A decision by structural names, valid in every search.
struct NamedChoice {
  std::uint64_t thread = 0;             // Thread::name
  engine::Alternative alternative = 0;  // as in a Decision; for NotifyOne see waiter
  std::uint64_t waiter = 0;             // NotifyOne: name of the thread that is woken, 0 = nobody
};

/// Of an operation of that kind.
NamedChoice named_choice(const engine::Engine& e, engine::Tid t, engine::OpKind kind,
                         engine::Alternative alternative);

/// A finding as the search keeps it: what was observed first, how often, and the schedule that shows it.
struct Finding {
  detect::Observation observation;
  const detect::Detector* detector = nullptr;
  std::uint64_t count = 0;
  std::uint64_t last_execution = 0;
  std::uint64_t saved_count = 0, saved_print = 0;  // Inspector::save_news
  std::uint64_t first_execution = 0;
  /// Of all that show it the shortest execution, and of these the one with the smallest fingerprint: that does not
  /// depend on the order of the search.
  std::vector<NamedChoice> schedule;
  engine::Step length = 0;
  std::uint64_t print = 0;
  detect::Severity severity() const { return detector->severity(observation); }
};

struct Statistics {
  std::uint64_t executions = 0;  // that ended: complete, deadlocked, truncated or aborted
  std::uint64_t discarded = 0;   // executions from before the search started again (Strategy::restart)
  std::uint64_t deadlocks = 0;
  std::uint64_t truncated = 0;
  std::uint64_t failing = 0;  // executions with at least one failure
  std::uint64_t dropped = 0;  // executions on the way that cannot be (see contiguous.h)
  std::uint64_t blocked = 0;  // stopped because everything enabled was asleep
  std::uint64_t events = 0;
  std::uint64_t classes = 0;   // distinct ones, if they are counted
  std::uint64_t checksum = 0;  // sum of the fingerprints of the distinct classes
  engine::Step longest = 0;
  StopReason stop = StopReason::None;
  std::string abort_reason;
};

class Inspector : private detect::Sink {
 public:
  Inspector();
  ~Inspector() override;

  // --- set-up
  /// Must outlive the inspector.
  void add(detect::Detector& d);
  void set_limits(const Limits& l) { limits_ = l; }
  /// Which distinct classes are met: needed where a search may meet one twice. Costs memory per class.
  void count_classes(bool on) { count_classes_ = on; }
  /// They are counted by whoever calls `add_class`.
  void count_classes_elsewhere() { count_classes_ = false, counted_elsewhere_ = true; }
  /// How often each is met, too (class_counts).
  void count_each_class(bool on) { count_each_class_ = on; }
  /// Class fingerprints without counting (an optimal search meets each once); on by default.
  void fingerprint(bool on) { fingerprint_ = on; }
  bool fingerprints() const { return fingerprint_; }

  // --- for strategies
  const engine::History& history() const { return history_; }
  /// Records the transition that the strategy is about to return from pick.
  [[gnu::always_inline]] engine::HistoryEvent& commit(const engine::Engine& e, engine::Tid t,
                                                      engine::Alternative alt) {
    const std::uint64_t before = class_fingerprint();
    engine::HistoryEvent& ev = history_.append(e, t, alt);
    if (fingerprint_) ev.print = before + event_fingerprint(e, history_, ev);
    if (interests_ >> static_cast<int>(ev.t.kind) & 1) detect_event(e, ev.t.kind);
    return ev;
  }
  /// The next execution shares only the first `step` events.
  void rewind(engine::Step step) {
    history_.rewind(step);
    while (!observed_.empty() && observed_.back().observation.at > step) observed_.pop_back();
    for (detect::Detector* d : rewound_) d->rewind(step);
  }
  /// Everything starts again (Strategy::restart).
  void restart();
  /// After an execution; its history stays until rewind. `order`: of its events in schedules that show it; empty: as they
  /// are.
  void end(const engine::Engine& e, engine::Outcome outcome, const std::vector<engine::Step>& order = {});
  /// The same, if the execution cannot be: it was a step on the way to others.
  void drop(const engine::Engine& e);
  /// Has something of this kind been observed in the execution that has just ended?
  bool observed(detect::Kind kind) const {
    return std::any_of(findings_.begin(), findings_.end(), [&](const Finding& f) {
      return f.last_execution == statistics_.executions && f.observation.kind == kind;
    });
  }
  /// The execution that has just ended should have gone on.
  void count_truncated() { ++statistics_.truncated; }
  /// May another execution begin? Records why not.
  bool may_continue();
  void exhausted() {
    statistics_.stop = StopReason::Exhausted;
    begun_ = false;
  }

  // --- for searches in several processes
  /// What has been counted and found since the last time: for others to `merge`. Not fit for searches in which the
  /// inspector counts classes.
  void save_news(engine::WireWriter& out);
  /// All of it, and the search's first schedule; and to start from that instead. Throws engine::WireError.
  void save(engine::WireWriter& out) const;
  void restore(engine::WireReader& in);
  /// Adds what another part of the search has saved. Throws engine::WireError.
  void add(engine::WireReader& in);
  /// The search has ended, elsewhere.
  void ended(StopReason stop) { statistics_.stop = stop; }
  /// Throws engine::WireError.
  void merge_news(engine::WireReader& in);
  /// Would there be an error, were the news merged? Throws engine::WireError.
  bool brings_error(engine::WireReader in) const;
  /// Forgets all that has been counted and found, as if this process had executed nothing.
  void forget();
  /// Is called when an execution that has been ended because the search is to end is about to count for what has gone
  /// wrong in it: who goes on with the search executes it again. It must stay callable as long as the inspector is used.
  void before_cut(std::function<void()> f) { before_cut_ = std::move(f); }
  /// A class that is counted elsewhere has been met for the first time.
  void add_class(std::uint64_t print) {
    ++statistics_.classes;
    statistics_.checksum += engine::mix(print);
  }
  /// The same, if others are told by other means: it is no news.
  void add_class_told_otherwise(std::uint64_t print) {
    add_class(print);
    ++saved_.classes;
    saved_.checksum += engine::mix(print);
  }
  /// Has the latest execution been ended because the search is to end? Then it counts for nothing.
  bool ended_in_haste() const { return hasty_; }
  bool error_found() const { return error_found_; }
  /// A worker ends when it is told to.
  void continue_always() {
    limits_.executions = Limits().executions;
    limits_.seconds = Limits().seconds;
  }
  /// Or when time is over, before it has executed anything.
  void continue_while_there_is_time() {
    limits_.executions = Limits().executions;
    at_least_one_ = false;
  }
  Limits limits_of_time() const { return {.seconds = limits_.seconds, .interrupt = limits_.interrupt}; }
  bool stops_at_errors() const { return limits_.first_finding; }
  /// How many executions the limit leaves.
  std::uint64_t executions_left() const { return limits_.executions - std::min(limits_.executions, done()); }
  /// Between executions: has a limit been reached?
  bool is_to_stop() {
    next_clock_check_ = 0;
    if (!may_continue()) return true;
    begun_ = false;
    return false;
  }

  // --- results
  const Statistics& statistics() const { return statistics_; }
  const std::vector<Finding>& findings() const { return findings_; }
  /// The schedule of the first execution that came to its end.
  const std::vector<NamedChoice>& first_schedule() const { return first_schedule_; }
  /// It was another process's, or does not count.
  void set_first_schedule(std::vector<NamedChoice> schedule) { first_schedule_ = std::move(schedule); }
  /// The schedule of the current execution.
  std::vector<NamedChoice> schedule(const engine::Engine& e) const;
  /// Of the execution that was aborted.
  const std::vector<NamedChoice>& last_schedule() const { return last_schedule_; }
  const std::unordered_map<std::uint64_t, std::uint64_t>& class_counts() const { return class_counts_; }
  /// Fingerprint of the class of the current execution.
  std::uint64_t class_fingerprint() const {
    return history_.size() ? history_[history_.size() - 1].print : 0;
  }

 private:
  struct Observed {
    detect::Observation observation;
    const detect::Detector* detector;
    std::size_t finding = SIZE_MAX;  // its index; SIZE_MAX until it is accounted for
  };
  void observe(const detect::Observation& o) override { observed_.push_back({o, reporting_}); }
  void detect_event(const engine::Engine& e, engine::OpKind kind);
  void account(const engine::Engine& e, Observed& o);
  std::size_t find_finding(const engine::Engine& e, const Observed& o);
  bool ended_in_haste(const engine::Engine& e);
  void save(engine::WireWriter& out, const Finding& f, std::uint64_t count, std::uint64_t executions,
            bool other) const;
  void save_counts(engine::WireWriter& out, const Statistics& before) const;
  void note_failures(const engine::Engine& e, engine::Outcome outcome,
                     const std::vector<engine::Step>& order);
  std::uint64_t done() const { return statistics_.executions + statistics_.dropped + statistics_.blocked; }
  bool interrupted() const { return limits_.interrupt && limits_.interrupt->load(std::memory_order_relaxed); }

  Limits limits_;
  Statistics statistics_;
  engine::History history_;
  std::uint64_t interests_ = 0;
  bool every_end_ = false;  // a detector wants to see it
  bool fingerprint_ = true, count_classes_ = false, count_each_class_ = false, counted_elsewhere_ = false;
  std::vector<detect::Detector*> detectors_;
  std::vector<std::pair<std::uint64_t, detect::Detector*>> listeners_;  // those interested in events
  std::vector<detect::Detector*> rewound_;                              // those that keep events
  const detect::Detector* reporting_ = nullptr;
  std::vector<Observed> observed_;                    // in the current execution
  const std::vector<engine::Step>* order_ = nullptr;  // while the end of an execution is dealt with
  engine::FlatMap<engine::Nothing> classes_;
  std::unordered_map<std::uint64_t, std::uint64_t> class_counts_;
  std::vector<Finding> findings_;
  std::vector<NamedChoice> first_schedule_, last_schedule_;
  std::unordered_map<std::uint64_t, std::size_t> finding_index_;
  std::chrono::steady_clock::time_point start_;
  std::uint64_t next_clock_check_ = 0;
  bool error_found_ = false, hasty_ = false;
  bool at_least_one_ = true;  // execution, even if there is no time
  bool begun_ = false;        // an execution that has not ended
  Statistics saved_;          // save_news
  std::function<void()> before_cut_;
};

}  // namespace raddle::explore
