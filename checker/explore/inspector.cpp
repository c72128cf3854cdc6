#include "checker/explore/inspector.h"

#include <algorithm>

#include "checker/explore/fingerprint.h"

namespace raddle::explore {

using engine::Engine;
using engine::Outcome;
using engine::Step;

Inspector::Inspector() : start_(std::chrono::steady_clock::now()) { prints_.assign(64, 0); }
Inspector::~Inspector() = default;

void Inspector::add(detect::Detector& d) {
  detectors_.push_back(&d);
  interests_ |= d.interests();
  history_.track_past(interests_ != 0);
}

void Inspector::fingerprint_event(const Engine& e) {
  const auto n = static_cast<std::size_t>(history_.size());
  if (n >= prints_.size()) prints_.resize(2 * n);
  prints_[n] = prints_[n - 1] + event_fingerprint(e, history_, history_.size() - 1);
}

void Inspector::detect_event(const Engine& e, engine::OpKind kind) {
  for (detect::Detector* d : detectors_) {
    if (!(d->interests() >> static_cast<unsigned>(kind) & 1)) continue;
    reporting_ = d;
    d->event(e, history_, history_.size() - 1, *this);
  }
}

void Inspector::restart() {
  history_.rewind(0);
  observed_.clear();
  classes_.clear();
  findings_.clear();
  finding_index_.clear();
  statistics_ = {};
  error_found_ = false;
}

void Inspector::end(const Engine& e, Outcome outcome) {
  if (outcome == Outcome::Stopped) {
    ++statistics_.blocked;
    return;
  }
  ++statistics_.executions;
  statistics_.events += static_cast<std::uint64_t>(history_.size());
  statistics_.longest = std::max(statistics_.longest, history_.size());
  statistics_.deadlocks += outcome == Outcome::Deadlock;
  statistics_.truncated += outcome == Outcome::Truncated;
  statistics_.failing += !e.failures().empty();
  if (outcome == Outcome::Aborted) {
    statistics_.stop = StopReason::Aborted;
    statistics_.abort_reason = e.abort_reason();
  }
  if (fingerprint_) {
    const std::uint64_t print = class_fingerprint();
    if (!count_classes_ || classes_[print]++ == 0) {
      ++statistics_.classes;
      statistics_.checksum += engine::mix(print);
    }
  }
  if (outcome == Outcome::Deadlock || !e.failures().empty()) {
    history_.finish(e);
    for (detect::Detector* d : detectors_) {
      reporting_ = d;
      const std::size_t before = observed_.size();
      d->end(e, history_, outcome, *this);
      for (std::size_t i = before; i < observed_.size(); ++i) account(e, observed_[i].first, d);
      observed_.resize(before);
    }
  } else {
    history_.finish(e);
  }
  for (const auto& [o, d] : observed_) account(e, o, d);
}

void Inspector::account(const Engine& e, const detect::Observation& o, const detect::Detector* d) {
  auto [it, fresh] = finding_index_.try_emplace(o.key, findings_.size());
  if (fresh) {
    Finding f;
    f.observation = o;
    f.detector = d;
    f.first_execution = statistics_.executions;
    for (Step s = 0; s < history_.size(); ++s) {
      const engine::Transition& t = history_[s].t;
      const bool wakes = t.kind == engine::OpKind::NotifyOne && t.alt;
      f.schedule.push_back({e.thread(t.tid).name, t.alt, wakes ? e.thread(t.alt - 1).name : 0});
    }
    findings_.push_back(std::move(f));
  }
  Finding& f = findings_[it->second];
  if (std::exchange(f.last_execution, statistics_.executions) != statistics_.executions) ++f.count;
  if (!error_found_ && f.severity() == detect::Severity::Error) error_found_ = true;
}

bool Inspector::may_continue() {
  if (statistics_.stop != StopReason::None) return false;
  if (limits_.first_finding && error_found_) return statistics_.stop = StopReason::FirstFinding, false;
  const std::uint64_t done = statistics_.executions + statistics_.blocked;
  if (done >= limits_.executions) return statistics_.stop = StopReason::Executions, false;
  if (limits_.interrupt && limits_.interrupt->load(std::memory_order_relaxed))
    return statistics_.stop = StopReason::Interrupted, false;
  if (done >= next_clock_check_ && limits_.seconds < std::numeric_limits<double>::infinity()) {
    const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    if (spent >= limits_.seconds && done > 0) return statistics_.stop = StopReason::Time, false;
    // Often enough to stop within about a millisecond of the budget, rarely enough to cost nothing.
    const double rate = static_cast<double>(done) / std::max(spent, 1e-6);
    next_clock_check_ = done + static_cast<std::uint64_t>(std::clamp(rate * 1e-3, 1.0, 10000.0));
  }
  return true;
}

}  // namespace raddle::explore
