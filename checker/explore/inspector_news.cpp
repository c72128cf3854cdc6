// What an inspector tells one in another process.
#include <array>

#include "checker/explore/finding_codec.h"
#include "checker/explore/inspector.h"

namespace raddle::explore {

using namespace engine;

namespace {

// What adds up.
constexpr std::array kCounts = {&Statistics::executions, &Statistics::discarded, &Statistics::deadlocks,
                                &Statistics::truncated,  &Statistics::failing,   &Statistics::dropped,
                                &Statistics::blocked,    &Statistics::events,    &Statistics::classes};

}  // namespace

// `count` and `executions` were saved before. `other`: is it shown by another execution than then?
void Inspector::save(WireWriter& out, const Finding& f, std::uint64_t count, std::uint64_t executions,
                     bool other) const {
  const auto detector = std::find(detectors_.begin(), detectors_.end(), f.detector);
  out.number(static_cast<std::uint64_t>(detector - detectors_.begin()));
  out.number(f.count - count);
  out.number(f.first_execution - std::min(f.first_execution, executions));
  write(out, f.observation);
  out.number(other);
  if (!other) return;
  out.number(static_cast<std::uint64_t>(f.length));
  out.digest(f.print);
  write(out, f.schedule);
}

// `before`: what has been saved already.
void Inspector::save_counts(WireWriter& out, const Statistics& before) const {
  for (const auto count : kCounts) out.number(statistics_.*count - before.*count);
  out.digest(statistics_.checksum - before.checksum);
  out.number(static_cast<std::uint64_t>(statistics_.longest));
  const StopReason stop = statistics_.stop;
  out.number(is_broken_off(stop) ? static_cast<std::uint64_t>(stop) : 0);
  if (stop != StopReason::Aborted) return;
  out.text(statistics_.abort_reason);
  write(out, last_schedule_);
}

void Inspector::save_news(WireWriter& out) {
  save_counts(out, saved_);
  for (detect::Detector* d : detectors_) d->save(out, false);
  std::vector<Finding*> news;
  for (Finding& f : findings_)
    if (f.count != f.saved_count) news.push_back(&f);
  out.number(news.size());
  for (Finding* f : news) {
    save(out, *f, f->saved_count, saved_.executions, f->saved_count == 0 || f->print != f->saved_print);
    f->saved_count = f->count;
    f->saved_print = f->print;
  }
  saved_ = statistics_;
}

void Inspector::save(WireWriter& out) const {
  save_counts(out, {});
  for (detect::Detector* d : detectors_) d->save(out, true);
  out.number(findings_.size());
  for (const Finding& f : findings_) save(out, f, 0, 0, true);
  write(out, first_schedule_);
}

void Inspector::restore(WireReader& in) {
  restart();
  statistics_ = {};
  merge_news(in);
  first_schedule_ = read_schedule(in);
}

void Inspector::add(WireReader& in) {
  merge_news(in);
  read_schedule(in);
}

void Inspector::merge_news(WireReader& in) {
  const std::uint64_t before = statistics_.executions;
  for (const auto count : kCounts) statistics_.*count += in.number();
  statistics_.checksum += in.digest();
  statistics_.longest = std::max(statistics_.longest, static_cast<Step>(in.number()));
  const auto stop = static_cast<StopReason>(in.number());
  if (is_broken_off(stop)) statistics_.stop = stop;
  if (stop == StopReason::Aborted) {
    statistics_.abort_reason = in.text();
    last_schedule_ = read_schedule(in);
  }
  for (detect::Detector* d : detectors_) d->merge(in);
  for (std::size_t n = in.count(); n; --n) {
    const std::uint64_t detector = in.number();
    if (detector >= detectors_.size()) throw WireError("there is no such detector");
    Finding news;
    news.detector = detectors_[static_cast<std::size_t>(detector)];
    news.count = in.number();
    news.first_execution = before + in.number();
    news.last_execution = statistics_.executions;
    news.observation = read_observation(in);
    news.detector->adopt(news.observation);
    const auto [at, fresh] = finding_index_.try_emplace(news.observation.key, findings_.size());
    if (in.number()) {
      news.length = static_cast<Step>(in.number());
      news.print = in.digest();
      news.schedule = read_schedule(in);
    } else if (fresh) {
      throw WireError("a finding comes without a schedule");
    }
    if (fresh) {
      findings_.push_back(std::move(news));
      continue;
    }
    Finding& f = findings_[at->second];
    f.count += news.count;
    if (news.schedule.empty() || std::pair(f.length, f.print) <= std::pair(news.length, news.print)) continue;
    f.observation = news.observation;
    f.schedule = std::move(news.schedule);
    f.length = news.length;
    f.print = news.print;
  }
  if (limits_.first_finding)  // what was a note may have been proven meanwhile
    error_found_ = std::any_of(findings_.begin(), findings_.end(),
                               [](const Finding& f) { return f.severity() == detect::Severity::Error; });
}

bool Inspector::brings_error(WireReader in) const {
  for (std::size_t n = kCounts.size(); n; --n) in.number();
  in.digest();
  in.number();
  if (static_cast<StopReason>(in.number()) == StopReason::Aborted) in.text(), read_schedule(in);
  bool error = false;
  for (const detect::Detector* d : detectors_) error |= d->is_worse(in);
  for (std::size_t n = in.count(); n && !error; --n) {
    const std::uint64_t detector = in.number();
    if (detector >= detectors_.size()) throw WireError("there is no such detector");
    in.number(), in.number();
    const detect::Observation o = read_observation(in);
    error = detectors_[static_cast<std::size_t>(detector)]->severity(o) == detect::Severity::Error;
    if (in.number()) in.number(), in.digest(), read_schedule(in);
  }
  return error;
}

}  // namespace raddle::explore
