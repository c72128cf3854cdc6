#include "checker/explore/explain.h"

#include <algorithm>
#include <deque>

#include "checker/detect/names.h"
#include "checker/explore/costed_replay.h"
#include "checker/explore/transitions.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kMostAttempts = 200;
constexpr std::size_t kLongest = 20000;     // events
constexpr std::size_t kLongestKept = 5000;  // events of a run that passes, in the trace of one that does not

struct Candidate {
  CriticalOrder order;
  NamedChoice choice;  // of the second event
  Step place = 0;      // from which it was possible
};

/// The failing run, with everything that could have come the other way round in it, and who could have gone on.
class Subject : public CostedReplay {
 public:
  using CostedReplay::CostedReplay;

  void end(Engine& e, Outcome o) override {
    CostedReplay::end(e, o);
    if (o == Outcome::Aborted && !e.crash().signal) return;
    for (const Race& r : races().list())
      if (r.kind == Race::Kind::Executed) add(e, races().reversal(e, r), r.j);
    races().for_each_pending(e, [&](const Reversal& r) { add(e, r, kNever); });
    // The latest first: those that wait at the end, then by the second event, and then by the first.
    std::stable_sort(candidates_.begin(), candidates_.end(), [](const Candidate& a, const Candidate& b) {
      const auto ends = [](const Candidate& c) { return c.order.second == kNever; };
      if (ends(a) != ends(b)) return ends(a);
      return a.order.second != b.order.second ? a.order.second > b.order.second
                                              : a.order.first > b.order.first;
    });
  }
  const std::vector<Candidate>& candidates() const { return candidates_; }
  std::size_t ways_out() const { return ways_out_.size(); }
  /// From the latest.
  const Candidate& way_out(std::size_t i) const { return ways_out_[ways_out_.size() - 1 - i]; }

  /// The events before the first one, then what does not have to follow it, and the second one.
  std::vector<NamedChoice> reversed(const Candidate& c) {
    const Step i = c.order.first;
    std::vector<NamedChoice> schedule(executed().begin(), executed().begin() + i);
    races().for_each_not_after(i, i + 1, c.place,
                               [&](Step k) { schedule.push_back(executed()[static_cast<std::size_t>(k)]); });
    schedule.push_back(c.choice);
    return schedule;
  }
  /// The events before `c`, and the other thread.
  std::vector<NamedChoice> left(const Candidate& c) const {
    std::vector<NamedChoice> schedule(executed().begin(), executed().begin() + c.order.first);
    schedule.push_back(c.choice);
    return schedule;
  }

 protected:
  void commit(Engine& e, Decision d) override {
    for_each_possible(e, [&](Tid t, Alternative alt) {
      if (t != d.tid && alt != kExpire) add_way_out(e, t, alt);
    });
    CostedReplay::commit(e, d);
  }

 private:
  void add_way_out(const Engine& e, Tid t, Alternative alt) {
    const NamedChoice choice = named_choice(e, t, e.thread(t).op.kind, alt);
    ways_out_.push_back(
        {{.first = e.step(), .second = kNever, .thread = choice.thread, .gone_on = true, .passing = {}},
         choice,
         0});
    if (ways_out_.size() > kMostAttempts) ways_out_.pop_front();
  }
  void add(const Engine& e, const Reversal& r, Step second) {
    if (r.i < 0 || static_cast<std::size_t>(r.i) >= executed().size()) return;
    const std::uint64_t first = executed()[static_cast<std::size_t>(r.i)].thread;
    const NamedChoice choice = named_choice(e, r.e2.tid, r.e2.kind, r.e2.alt);
    if (first == choice.thread) return;
    candidates_.push_back(
        {{.first = r.i, .second = second, .thread = choice.thread, .passing = {}}, choice, r.place});
  }

  std::vector<Candidate> candidates_;
  std::deque<Candidate> ways_out_;
};

class Explainer : public Strategy {
 public:
  Explainer(const Finding& finding, const DetectorOptions& detectors, bool updates_are_lost, Purse& purse)
      : finding_(finding),
        detectors_(detectors),
        purse_(purse),
        none_lost_(updates_are_lost || is_stale(finding.observation.kind)) {}

  std::optional<CriticalOrder> take() { return std::move(found_); }

  bool begin(Engine& e) override {
    if (failed_ || found_ || !purse_.spend()) return false;
    watch_ = std::make_unique<Watch>(detectors_);
    if (!subject_) {
      subject_watch_ = std::move(watch_);
      subject_ = std::make_unique<Subject>(subject_watch_->inspector, finding_.schedule);
      return subject_->begin(e);
    }
    const std::size_t reversals = std::min<std::size_t>(subject_->candidates().size(), kMostAttempts);
    if (next_ == reversals + subject_->ways_out()) return false;
    tried_ = next_ < reversals ? &subject_->candidates()[next_] : &subject_->way_out(next_ - reversals);
    ++next_;
    attempt_ = std::make_unique<CostedReplay>(
        watch_->inspector, tried_->order.gone_on ? subject_->left(*tried_) : subject_->reversed(*tried_));
    if (tried_->order.gone_on)
      attempt_->put_off(subject_->executed()[static_cast<std::size_t>(tried_->order.first)].thread);
    return attempt_->begin(e);
  }
  Decision pick(Engine& e, Tid current) override { return running().pick(e, current); }
  void end(Engine& e, Outcome o) override {
    running().end(e, o);
    failed_ |= e.was_cut_short();
    if (!attempt_) {
      failed_ |= o == Outcome::Aborted && !e.crash().signal;
      return;
    }
    if (o != Outcome::Complete || e.cut() || e.stopped_polling() || failed_ || !passes()) return;
    found_ = tried_->order;
    found_->passing = attempt_->executed();
  }
  void restart(Engine&) override { failed_ = true; }

 private:
  CostedReplay& running() { return attempt_ ? *attempt_ : *subject_; }
  static bool is_stale(detect::Kind k) {
    return k == detect::Kind::LostUpdate || k == detect::Kind::Atomicity;
  }
  // One execution proves no lost update: where that is what goes wrong, none may even seem to be there.
  bool passes() const {
    return std::none_of(watch_->inspector.findings().begin(), watch_->inspector.findings().end(),
                        [&](const Finding& f) {
                          const detect::Kind kind = f.observation.kind;
                          return f.severity() == detect::Severity::Error ||
                                 (is_stale(kind) ? none_lost_ : kind == finding_.observation.kind);
                        });
  }

  const Finding& finding_;
  const DetectorOptions& detectors_;
  Purse& purse_;
  const bool none_lost_;  // no update may seem to be lost in a run that passes
  std::unique_ptr<Watch> subject_watch_, watch_;
  std::unique_ptr<Subject> subject_;
  std::unique_ptr<CostedReplay> attempt_;
  std::size_t next_ = 0;
  const Candidate* tried_ = nullptr;
  std::optional<CriticalOrder> found_;
  bool failed_ = false;
};

// --- in words

std::string place_of(const TraceSite& site) {
  return site.line ? " at :" + std::to_string(site.line) : std::string();
}

std::string object_of_event(const Trace& t, int object, const std::string& part) {
  if (!part.empty()) return part;
  if (object < 0) return {};
  return detect::object_names(t)[static_cast<std::size_t>(object)];
}

std::string deed(const Trace& t, const TraceEvent& x, const std::string& object) {
  std::string text = t.threads[static_cast<std::size_t>(x.thread)].label + "'s " + x.operation;
  if (!object.empty()) text += " of " + object;
  text += place_of(x.site) + " (step " + std::to_string(x.step);
  const std::string& value = x.operation == "read"    ? x.result
                             : x.operation == "write" ? x.after
                                                      : std::string();
  if (!value.empty()) text += ", " + value;
  return text + ")";
}

std::string wish(const Trace& t, const TraceBlocked& b, const std::string& object) {
  std::string text = t.threads[static_cast<std::size_t>(b.thread)].label + "'s " + b.operation;
  if (!object.empty()) text += " of " + object;
  return text + place_of(b.site);
}

}  // namespace

std::optional<CriticalOrder> find_critical_order(Engine& e, Program& program, const Finding& finding,
                                                 const DetectorOptions& detectors, bool updates_are_lost,
                                                 MinimisingBudget& budget) {
  if (finding.schedule.size() > kLongest) return std::nullopt;
  Purse purse(e, program, budget, finding.schedule.size());
  Explainer explainer(finding, detectors, updates_are_lost, purse);
  e.run(explainer, program);
  return explainer.take();
}

TraceRun passing_run(Engine& e, Program& program, const CriticalOrder& c) {
  if (c.passing.size() > kLongestKept) return {};
  Recording run(e, program, c.passing, DetectorOptions{});
  Trace& t = run.recorder().trace();
  const bool ended = t.outcome == "complete" || t.outcome == "exited";
  if (run.diverged() || !ended || t.events.size() > 2 * kLongestKept) return {};
  return {std::move(t.threads), std::move(t.objects), std::move(t.events)};
}

void explain(const CriticalOrder& c, TraceRecorder& recorder) {
  Trace& t = recorder.trace();
  // An execution that ends elsewhere, since something has been revealed meanwhile, has no such order.
  if (!recorder.has_event(c.first) || (c.second != kNever && !recorder.has_event(c.second))) return;
  const TraceEvent& first = t.events[static_cast<std::size_t>(recorder.event_index(c.first))];
  auto thread_of = [&t](std::uint64_t name) {
    const auto at = std::find_if(t.threads.begin(), t.threads.end(),
                                 [&](const TraceThread& x) { return thread_name_hash(x.id) == name; });
    return at == t.threads.end() ? -1 : static_cast<int>(at - t.threads.begin());
  };
  const std::string early = deed(t, first, object_of_event(t, first.object, first.part));
  std::string second;
  if (c.gone_on) {
    const int other = thread_of(c.thread);
    if (other < 0) return;
    t.explanation = "If " + t.threads[static_cast<std::size_t>(other)].label + " had gone on before " +
                    early + ", this run would have passed.";
  } else if (c.second != kNever) {
    const TraceEvent& x = t.events[static_cast<std::size_t>(recorder.event_index(c.second))];
    t.critical = {first.step, x.step, -1};
    second = deed(t, x, x.object == first.object ? "" : object_of_event(t, x.object, x.part));
  } else {
    const int waiter = thread_of(c.thread);
    const auto b = std::find_if(t.blocked.begin(), t.blocked.end(),
                                [&](const TraceBlocked& x) { return x.thread == waiter; });
    if (b == t.blocked.end()) return;
    t.critical = {first.step, 0, waiter};
    second = wish(t, *b, b->object == first.object ? "" : object_of_event(t, b->object, ""));
  }
  if (!c.gone_on)
    t.explanation = "If " + early + " had come after " + second + ", this run would have passed.";
  std::vector<TraceChoice> passing;
  for (const NamedChoice& n : c.passing) {
    TraceChoice choice{thread_of(n.thread), {}};
    const int waiter = n.waiter ? thread_of(n.waiter) : 0;
    if (choice.thread < 0 || waiter < 0) return;  // of a thread that this run did not get to
    if (n.alternative == kExpire)
      choice.alternative = "expire";
    else if (n.waiter)
      choice.alternative = "wake " + t.threads[static_cast<std::size_t>(waiter)].id;
    else if (n.alternative)
      choice.alternative = "value " + std::to_string(n.alternative);
    passing.push_back(std::move(choice));
  }
  t.passing = std::move(passing);
}

}  // namespace raddle::explore
