#include "checker/explore/inspector.h"

#include <algorithm>
#include <tuple>

namespace raddle::explore {

using engine::Engine;
using engine::Outcome;
using engine::Step;

Inspector::Inspector() : start_(std::chrono::steady_clock::now()) {}
Inspector::~Inspector() = default;

void Inspector::add(detect::Detector& d) {
  detectors_.push_back(&d);
  if (const std::uint64_t interests = d.interests()) listeners_.emplace_back(interests, &d);
  if (d.keeps_events()) rewound_.push_back(&d);
  interests_ |= d.interests();
  every_end_ |= d.sees_every_end();
  history_.track_past(interests_ != 0);
}

void Inspector::detect_event(const Engine& e, engine::OpKind kind) {
  const Step at = history_.size() - 1;
  for (const auto& [interests, d] : listeners_) {
    if (!(interests & detect::bit(kind))) continue;
    reporting_ = d;
    d->event(e, history_, at, *this);
  }
}

void Inspector::restart() {
  const std::uint64_t discarded =
      statistics_.discarded + statistics_.executions + statistics_.dropped + begun_;
  forget();
  statistics_.discarded = discarded;
}

void Inspector::forget() {
  history_.rewind(0);
  observed_.clear();
  classes_.clear();
  class_counts_.clear();
  findings_.clear();
  finding_index_.clear();
  for (detect::Detector* d : detectors_) d->restart();
  statistics_ = saved_ = {};
  next_clock_check_ = 0;
  error_found_ = false;
}

// Has the execution been ended because the search is to end? Then it is none.
bool Inspector::ended_in_haste(const Engine& e) {
  const bool haste = e.was_cut_short() ||
                     std::any_of(e.failures().begin(), e.failures().end(), [](const engine::Failure& f) {
                       return f.kind == engine::Failure::Kind::OutOfTime;
                     });
  hasty_ = haste;
  if (haste) statistics_.stop = interrupted() ? StopReason::Interrupted : StopReason::Time;
  return haste;
}

// What had gone wrong before the execution was cut has gone wrong.
void Inspector::note_failures(const Engine& e, Outcome outcome, const std::vector<Step>& order) {
  const bool any = std::any_of(e.failures().begin(), e.failures().end(), [](const engine::Failure& f) {
    return f.kind != engine::Failure::Kind::OutOfTime;
  });
  if (!any && observed_.empty()) return;
  if (before_cut_) before_cut_();
  ++statistics_.executions;
  ++statistics_.truncated;
  statistics_.failing += any;
  order_ = &order;
  history_.finish(e);
  for (detect::Detector* d : detectors_) {
    if (!d->sees_cut_executions()) continue;
    reporting_ = d;
    d->end(e, history_, outcome, *this);
  }
  for (Observed& o : observed_) account(e, o);
  order_ = nullptr;
}

void Inspector::drop(const Engine& e) {
  begun_ = false;
  ++statistics_.dropped;
  ended_in_haste(e);
}

void Inspector::end(const Engine& e, Outcome outcome, const std::vector<Step>& order) {
  begun_ = false;
  if (outcome == Outcome::Stopped) {
    ++statistics_.blocked;
    return;
  }
  if (ended_in_haste(e)) return note_failures(e, outcome, order);
  ++statistics_.executions;
  statistics_.events += static_cast<std::uint64_t>(history_.size());
  statistics_.longest = std::max(statistics_.longest, history_.size());
  statistics_.deadlocks += outcome == Outcome::Deadlock;
  statistics_.truncated += (outcome == Outcome::Truncated && e.full()) || e.cut();
  statistics_.failing += !e.failures().empty();
  if (e.crash().signal) {
    statistics_.stop = StopReason::Crashed;
  } else if (outcome == Outcome::Aborted) {
    statistics_.stop = StopReason::Aborted;
    statistics_.abort_reason = e.abort_reason();
    last_schedule_ = schedule(e);
  }
  if (fingerprint_) {
    const std::uint64_t print = class_fingerprint();
    if (count_each_class_) ++class_counts_[print];
    if (!counted_elsewhere_ && (!count_classes_ || classes_.insert(print).second)) add_class(print);
  }
  order_ = &order;
  if (statistics_.executions == 1) first_schedule_ = schedule(e);
  if (outcome == Outcome::Deadlock || !e.alive().empty() || !e.failures().empty() || every_end_) {
    history_.finish(e);
    for (detect::Detector* d : detectors_) {
      reporting_ = d;
      const std::size_t before = observed_.size();
      d->end(e, history_, outcome, *this);
      for (std::size_t i = before; i < observed_.size(); ++i) account(e, observed_[i]);
      observed_.erase(observed_.begin() + static_cast<std::ptrdiff_t>(before), observed_.end());
    }
  }
  for (Observed& o : observed_) account(e, o);
  order_ = nullptr;
}

NamedChoice named_choice(const Engine& e, engine::Tid t, engine::OpKind kind,
                         engine::Alternative alternative) {
  const bool wakes = kind == engine::OpKind::NotifyOne && alternative && alternative != engine::kExpire;
  return {e.thread(t).name, alternative, wakes ? e.thread(alternative - 1).name : 0};
}

std::vector<NamedChoice> Inspector::schedule(const Engine& e) const {
  std::vector<NamedChoice> all;
  for (Step i = 0; i < history_.size(); ++i) {
    const bool as_it_is = !order_ || order_->empty();
    const engine::Transition& t = history_[as_it_is ? i : (*order_)[static_cast<std::size_t>(i)]].t;
    all.push_back(named_choice(e, t.tid, t.kind, t.alt));
  }
  return all;
}

std::size_t Inspector::find_finding(const Engine& e, const Observed& o) {
  auto [it, fresh] = finding_index_.try_emplace(o.observation.key, findings_.size());
  if (fresh) {
    Finding f;
    f.observation = o.observation;
    f.detector = o.detector;
    f.first_execution = statistics_.executions;
    f.schedule = schedule(e);
    f.length = history_.size();
    f.print = class_fingerprint();
    findings_.push_back(std::move(f));
  }
  return it->second;
}

void Inspector::account(const Engine& e, Observed& o) {
  if (o.finding == SIZE_MAX) o.finding = find_finding(e, o);
  Finding& f = findings_[o.finding];
  const std::pair shape(history_.size(), class_fingerprint());
  if (shape < std::pair(f.length, f.print)) {
    f.observation = o.observation;
    f.schedule = schedule(e);
    std::tie(f.length, f.print) = shape;
  }
  if (std::exchange(f.last_execution, statistics_.executions) != statistics_.executions) ++f.count;
  if (limits_.first_finding && !error_found_) error_found_ = f.severity() == detect::Severity::Error;
}

bool Inspector::may_continue() {
  if (statistics_.stop != StopReason::None) return false;
  if (limits_.first_finding && error_found_) return statistics_.stop = StopReason::FirstFinding, false;
  const std::uint64_t done = this->done();
  if (done >= limits_.executions) return statistics_.stop = StopReason::Executions, false;
  if (interrupted()) return statistics_.stop = StopReason::Interrupted, false;
  if (done >= next_clock_check_ && limits_.seconds < std::numeric_limits<double>::infinity()) {
    const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (spent >= limits_.seconds && (!at_least_one_ || done + statistics_.discarded > 0))
      return statistics_.stop = StopReason::Time, false;
    // Often enough to stop within about a millisecond of the budget, rarely enough to cost nothing.
    const double rate = static_cast<double>(done) / std::max(spent, 1e-6);
    next_clock_check_ = done + static_cast<std::uint64_t>(std::clamp(rate * 1e-3, 1.0, 10000.0));
  }
  return begun_ = true;
}

}  // namespace raddle::explore
