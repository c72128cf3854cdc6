#include "checker/explore/interactive.h"

#include <algorithm>
#include <utility>

#include "checker/detect/describe.h"
#include "checker/explore/transitions.h"

namespace raddle::explore {

using namespace engine;

namespace {

NamedChoice named(const Engine& e, Decision d) {
  return named_choice(e, d.tid, e.thread(d.tid).op.kind, d.alt);
}

/// Ids of waiters need not be the same in two searches.
bool same(const NamedChoice& a, const NamedChoice& b) {
  return a.thread == b.thread && a.waiter == b.waiter && (a.waiter || a.alternative == b.alternative);
}

}  // namespace

void Interactive::run(Engine& e, Program& program) {
  e.set_recorder(&recorder_);
  e.run(*this, program);
  e.set_recorder(nullptr);
}

bool Interactive::begin(Engine& e) {
  if (!again_ && ended_) {
    const Chooser::Reply reply = chooser_.ended(trace_);
    if (reply.kind == Chooser::Reply::Kind::Undo || reply.kind == Chooser::Reply::Kind::BackTo)
      go_back(reply);
  }
  if (!std::exchange(again_, false)) return false;
  DetectorOptions detectors;
  detectors.data_races = detect::Severity::Warning;
  replay_.reset();
  watch_ = std::make_unique<Watch>(detectors);
  replay_ = std::make_unique<Replay>(watch_->inspector, prefix_);
  recorder_.restart();
  executed_.clear();
  if (!canonical_) asked_.clear();
  matched_ = 0;
  continuing_ = ended_ = false;
  return replay_->begin(e);
}

bool Interactive::collect(const Engine& e) {
  enabled_.clear();
  for_each_possible(e, [this](Tid t, Alternative a) { enabled_.push_back({t, a}); });
  return !enabled_.empty();
}

Decision Interactive::pick(Engine& e, Tid current) {
  if (stopped_ || again_ || chooser_.wants_to_stop()) {
    stopped_ |= !again_;
    return kStop;
  }
  if (static_cast<std::size_t>(e.step()) < prefix_.size()) {
    const Decision d = replay_->pick(e, current);
    if (d.tid != kNoThread) {
      note(e, d);
      return d;
    }
    if (!e.launchable().empty()) return {e.launchable().first(), 0};
    if (!collect(e)) return kStop;
    prefix_.resize(static_cast<std::size_t>(e.step()));
    replay_ = std::make_unique<Replay>(watch_->inspector, prefix_);
    chooser_.lost_track(e.step());
  }
  if (!e.launchable().empty()) return {e.launchable().first(), 0};
  if (!collect(e)) return kStop;
  std::size_t choice = 0;
  if (enabled_.size() > 1 && !continuing_) {
    choice = suggestion(e, current);
    const Chooser::Reply reply =
        chooser_.choose({e, recorder_, {enabled_.begin(), enabled_.size()}, choice, !asked_.empty()});
    switch (reply.kind) {
      case Chooser::Reply::Kind::Choose: choice = std::min(reply.choice, enabled_.size() - 1); break;
      case Chooser::Reply::Kind::Continue: continuing_ = true; break;
      case Chooser::Reply::Kind::Stop: stopped_ = true; return kStop;
      case Chooser::Reply::Kind::Undo:
      case Chooser::Reply::Kind::BackTo: go_back(reply); return kStop;
    }
    if (!continuing_) asked_.push_back(static_cast<std::size_t>(e.step()));
  }
  if (continuing_) {  // without what is suggested: whoever runs, or the first that can
    const auto begin = enabled_.begin(), end = begin + enabled_.size();
    const auto mine = std::find_if(begin, end, [&](const Decision& d) { return d.tid == current; });
    choice = mine == end ? 0 : static_cast<std::size_t>(mine - begin);
  }
  const Decision d = enabled_.begin()[choice];
  watch_->inspector.commit(e, d.tid, d.alt);
  note(e, d);
  return d;
}

std::size_t Interactive::suggestion(const Engine& e, Tid current) const {
  const std::size_t step = static_cast<std::size_t>(e.step());
  std::size_t stay = enabled_.size();
  for (std::size_t i = 0; i < enabled_.size(); ++i) {
    const Decision d = enabled_.begin()[i];
    if (matched_ == step && step < schedule_.size() && same(named(e, d), schedule_[step])) return i;
    if (stay == enabled_.size() && d.tid == current) stay = i;
  }
  return stay == enabled_.size() ? 0 : stay;
}

// A decision on the next event, or on a thread that has to run first: that is none.
void Interactive::note(const Engine& e, Decision d) {
  if (!e.ready().contains(d.tid)) return;
  const std::size_t step = executed_.size();
  executed_.push_back(named(e, d));
  if (matched_ == step && step < schedule_.size() && same(executed_.back(), schedule_[step])) ++matched_;
}

void Interactive::go_back(const Chooser::Reply& reply) {
  std::size_t keep = executed_.size();
  if (reply.kind == Chooser::Reply::Kind::Undo) {
    keep = asked_.empty() ? 0 : asked_.back();
  } else {
    while (keep > 0 && recorder_.event_index(static_cast<Step>(keep) - 1) + 1 >= reply.step) --keep;
  }
  prefix_.assign(executed_.begin(), executed_.begin() + static_cast<std::ptrdiff_t>(keep));
  again_ = true;
}

void Interactive::end(Engine& e, Outcome o) {
  if (again_) return;
  replay_->end(e, o);
  recorder_.finish(e, o);
  trace_ = recorder_.trace();
  ended_ = o != Outcome::Stopped;
  if (ended_ && !canonical_ && prefix_.size() < executed_.size()) {
    // Once more, as a replay of it is executed: threads that nobody waits for get to their next operations later there.
    prefix_ = executed_;
    canonical_ = again_ = true;
    return;
  }
  canonical_ = false;
  if (ended_) add_findings(e, e.failures());
}

void Interactive::add_findings(Engine& e, const std::vector<Failure>& failures) {
  std::vector<const Finding*> order;
  for (const Finding& f : watch_->inspector.findings()) order.push_back(&f);
  std::stable_partition(order.begin(), order.end(),
                        [](const Finding* f) { return f->severity() == detect::Severity::Error; });
  std::vector<TraceFinding> all;
  for (const Finding* f : order) {
    TraceRecorder recorder = recorder_;  // describing a finding leaves marks: those of the first one stay
    all.push_back(detect::describe(f->observation, f->severity(), recorder, failures, e));
    if (all.size() == 1) trace_ = std::move(recorder.trace());
  }
  trace_.findings = std::move(all);
}

void Interactive::restart(Engine&) {
  prefix_ = executed_;
  again_ = true;
}

}  // namespace raddle::explore
