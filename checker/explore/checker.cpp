#include "checker/explore/checker.h"

#include <algorithm>
#include <charconv>
#include <memory>

#include "checker/detect/data_race.h"
#include "checker/detect/deadlock.h"
#include "checker/detect/describe.h"
#include "checker/detect/failures.h"
#include "checker/detect/lost_update.h"
#include "checker/engine/error.h"
#include "checker/explore/brute.h"
#include "checker/explore/dpor.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/replay.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr const char* kNames[] = {"exhaustive", "source", "brute", "random"};

/// The detectors of a search, ready to be added to its inspector.
struct Detectors {
  detect::LostUpdate lost_update;
  detect::Deadlock deadlock;
  detect::Failures failures;
  std::optional<detect::DataRace> data_race;
  explicit Detectors(std::optional<detect::Severity> data_races) {
    if (data_races) data_race.emplace(*data_races);
  }
  void add_to(Inspector& i) {
    i.add(lost_update);
    if (data_race) i.add(*data_race);
    i.add(deadlock);
    i.add(failures);
  }
};

/// A replay that records the execution before it is torn down.
class RecordingReplay : public Replay {
 public:
  RecordingReplay(Inspector& i, TraceRecorder& r, std::vector<NamedChoice> schedule)
      : Replay(i, std::move(schedule)), recorder_(r) {}
  void end(Engine& e, Outcome o) override {
    Replay::end(e, o);
    failures_ = e.failures();
    abort_reason_ = e.abort_reason();
    recorder_.finish(e, o);
  }
  void restart(Engine& e) override {
    Replay::restart(e);
    recorder_.restart();
  }
  const std::vector<Failure>& failures() const { return failures_; }
  const std::string& abort_reason() const { return abort_reason_; }

 private:
  TraceRecorder& recorder_;
  std::vector<Failure> failures_;
  std::string abort_reason_;
};

/// One recorded execution of a schedule, with everything that its detectors observed.
struct Recording {
  TraceRecorder recorder;
  Inspector inspector;
  Detectors detectors;
  std::unique_ptr<RecordingReplay> replay;

  Recording(Engine& e, Program& p, std::vector<NamedChoice> schedule, std::optional<detect::Severity> races)
      : detectors(races) {
    detectors.add_to(inspector);
    replay = std::make_unique<RecordingReplay>(inspector, recorder, std::move(schedule));
    e.set_recorder(&recorder);
    e.run(*replay, p);
    e.set_recorder(nullptr);
  }
};

CheckedFinding witness(Engine& e, Program& p, const Finding& f) {
  CheckedFinding c;
  c.count = f.count;
  c.first_execution = f.first_execution;
  Recording r(e, p, f.schedule, {});
  c.finding = detect::describe(f.observation, f.severity(), r.recorder, r.replay->failures(), e);
  c.trace = std::move(r.recorder.trace());
  c.trace.findings = {c.finding};
  return c;
}

std::string show(const Trace& t, const TraceEvent& x) {
  std::string s = t.threads[static_cast<std::size_t>(x.thread)].label + " " + x.operation;
  if (x.object >= 0) {
    const TraceObject& o = t.objects[static_cast<std::size_t>(x.object)];
    s += " " + (o.label.empty() ? o.id : o.label);
  }
  if (!x.after.empty()) s += " = " + x.after;
  if (!x.result.empty()) s += " -> " + x.result;
  if (!x.text.empty()) s += " \"" + x.text + "\"";
  if (x.site.line) s += " (" + x.site.file + ":" + std::to_string(x.site.line) + ")";
  return s;
}

bool same_event(const Trace& a, const TraceEvent& x, const Trace& b, const TraceEvent& y) {
  auto thread = [](const Trace& t, int i) {
    return i < 0 ? std::string() : t.threads[static_cast<std::size_t>(i)].id;
  };
  auto object = [](const Trace& t, int i) {
    return i < 0 ? std::string() : t.objects[static_cast<std::size_t>(i)].id;
  };
  return thread(a, x.thread) == thread(b, y.thread) && x.operation == y.operation &&
         object(a, x.object) == object(b, y.object) && object(a, x.object2) == object(b, y.object2) &&
         thread(a, x.other) == thread(b, y.other) && x.before == y.before && x.after == y.after &&
         x.result == y.result && x.text == y.text && x.site.line == y.site.line;
}

std::vector<NamedChoice> schedule_of(const Trace& t) {
  std::vector<NamedChoice> schedule;
  for (std::size_t i = 0; i < t.schedule.size(); ++i) {
    const TraceChoice& c = t.schedule[i];
    auto malformed = [&]() -> UserError {
      return UserError("the trace's schedule is malformed at decision " + std::to_string(i + 1) + ": \"" +
                       c.alternative + "\"");
    };
    NamedChoice n;
    n.thread = thread_name_hash(t.threads.at(static_cast<std::size_t>(c.thread)).id);
    if (!n.thread) throw malformed();
    const std::string& a = c.alternative;
    if (a == "expire") {
      n.alternative = kExpire;
    } else if (a.starts_with("value ")) {
      const char *first = a.data() + 6, *last = a.data() + a.size();
      if (auto [end, error] = std::from_chars(first, last, n.alternative);
          error != std::errc() || end != last)
        throw malformed();
    } else if (a.starts_with("wake ")) {
      n.waiter = thread_name_hash(a.substr(5));
      if (!n.waiter) throw malformed();
    } else if (!a.empty()) {
      throw malformed();
    }
    schedule.push_back(n);
  }
  return schedule;
}

}  // namespace

const char* name(StrategyKind k) { return kNames[static_cast<std::size_t>(k)]; }

StrategyKind parse_strategy(const std::string& s) {
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (s == kNames[i]) return static_cast<StrategyKind>(i);
  throw UserError("unknown strategy \"" + s + "\": choose exhaustive, source, brute or random");
}

namespace {

/// One search, or several with higher and higher bounds for the loops that keep executions from ending.
class Rounds {
 public:
  Rounds(Engine& e, Program& program, const CheckOptions& o, Inspector& inspector, CheckReport& report)
      : engine_(e), program_(program), options_(o), inspector_(inspector), report_(report) {}

  void run(Strategy& strategy) {
    engine_.clear_loops();
    for (int bound = options_.loop_bound ? options_.loop_bound : kFirstBound;; bound *= 2) {
      engine_.set_loop_bound(bound);
      engine_.run(strategy, program_);
      take(bound);
      const Statistics& s = inspector_.statistics();
      const bool last = options_.loop_bound || bound >= kLastBound || engine_.loops().empty();
      if (last || s.stop != StopReason::Exhausted || !s.truncated) return;
      strategy.restart(engine_);
    }
  }

 private:
  static constexpr int kFirstBound = 1, kLastBound = 16;

  void take(int bound) {
    const Statistics& s = inspector_.statistics();
    std::vector<TraceSite> cut;
    for (const Loop& l : engine_.loops())
      if (l.cuts) cut.push_back(trace_site(l.site));
    const std::size_t earlier = report_.findings.size();
    for (const Finding& f : inspector_.findings()) add(witness(engine_, program_, f), earlier);
    // What the clock cuts short says less than the search before, unless it has found something.
    if (report_.loop_bound && s.stop == StopReason::Time) {
      report_.deepening_cut = true;
      report_.statistics.discarded = s.discarded + s.executions - report_.statistics.executions;
      return;
    }
    report_.statistics = s;
    report_.loop_bound = bound;
    report_.loops = std::move(cut);
  }

  // A search with a higher bound sees all that those with lower ones have seen, and counts it anew.
  void add(CheckedFinding f, std::size_t earlier) {
    auto same = [&](const CheckedFinding& x) {
      return x.finding.kind == f.finding.kind && x.finding.fingerprint == f.finding.fingerprint;
    };
    const auto last = report_.findings.begin() + static_cast<std::ptrdiff_t>(earlier);
    const auto known = std::find_if(report_.findings.begin(), last, same);
    if (known == last)
      report_.findings.push_back(std::move(f));
    else if (known->finding.severity != f.finding.severity && f.finding.severity == "error")
      *known = std::move(f);  // proven by now
    else
      known->count = std::max(known->count, f.count);
  }

  Engine& engine_;
  Program& program_;
  const CheckOptions& options_;
  Inspector& inspector_;
  CheckReport& report_;
};

}  // namespace

CheckReport check(Engine& e, Program& program, const CheckOptions& o) {
  const bool reduces = o.strategy == StrategyKind::Exhaustive || o.strategy == StrategyKind::Source;
  if (o.virtual_clock && reduces)
    throw UserError(
        std::string("the virtual clock cannot be used with strategy \"") + name(o.strategy) +
        "\": which thread wakes first would depend on all threads; use --clock free, or --strategy random");
  const auto start = std::chrono::steady_clock::now();
  e.set_timeouts(o.timeouts);
  e.set_virtual_clock(o.virtual_clock);
  e.set_notify_any(o.notify_any);
  e.set_max_steps(o.max_steps);
  Inspector inspector;
  Detectors detectors(o.data_races);
  detectors.add_to(inspector);
  inspector.set_limits(o.limits);
  CheckReport report;
  Rounds rounds(e, program, o, inspector, report);
  switch (o.strategy) {
    case StrategyKind::Exhaustive:
    case StrategyKind::Source: {
      Dpor dpor(inspector, {.optimal = o.strategy == StrategyKind::Exhaustive, .shuffle = o.shuffle});
      rounds.run(dpor);
      report.races = dpor.counters().races;
      break;
    }
    case StrategyKind::Brute: {
      Brute brute(inspector);
      rounds.run(brute);
      break;
    }
    case StrategyKind::Random: {
      RandomWalk walk(inspector, o.seed);
      rounds.run(walk);
      break;
    }
  }
  const StopReason stop = report.statistics.stop;
  report.finished =
      stop == StopReason::Exhausted || (o.strategy == StrategyKind::Random && stop == StopReason::Executions);
  report.revealed = e.revealed();
  auto rank = [](const CheckedFinding& f) {
    return f.finding.severity == "error" ? 0 : f.finding.severity == "warning" ? 1 : 2;
  };
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [&](const CheckedFinding& a, const CheckedFinding& b) { return rank(a) < rank(b); });
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return report;
}

ReplayReport replay(Engine& e, Program& program, const Trace& recorded, std::uint8_t revealed) {
  e.set_revealed(revealed);
  e.set_max_steps(static_cast<Step>(recorded.schedule.size()) + (recorded.outcome == "truncated" ? 0 : 1000));
  const bool races =
      !recorded.findings.empty() && recorded.findings.front().kind == name(detect::Kind::DataRace);
  Recording r(e, program, schedule_of(recorded),
              races ? std::optional(detect::Severity::Warning) : std::nullopt);
  ReplayReport report;
  for (const Finding& f : r.inspector.findings()) {
    if (recorded.findings.empty()) break;
    const TraceFinding now =
        detect::describe(f.observation, f.severity(), r.recorder, r.replay->failures(), e);
    const TraceFinding& then = recorded.findings.front();
    if (now.kind == then.kind && now.fingerprint == then.fingerprint) report.reproduced = true;
  }
  report.trace = std::move(r.recorder.trace());
  const auto &was = recorded.events, &is = report.trace.events;
  for (std::size_t i = 0; i < std::max(was.size(), is.size()); ++i) {
    if (i < was.size() && i < is.size() && same_event(recorded, was[i], report.trace, is[i])) continue;
    report.diverged = true;
    report.reproduced = false;
    report.step = static_cast<int>(i) + 1;
    report.expected = i < was.size() ? show(recorded, was[i]) : "the end of the execution";
    report.actual = i < is.size()                      ? show(report.trace, is[i])
                    : r.replay->abort_reason().empty() ? "the end of the execution"
                                                       : r.replay->abort_reason();
    return report;
  }
  if (recorded.outcome != report.trace.outcome) {
    report.diverged = true;
    report.reproduced = false;
    report.step = static_cast<int>(was.size()) + 1;
    report.expected = "the execution ends as \"" + recorded.outcome + "\"";
    report.actual = "it ends as \"" + report.trace.outcome + "\"";
    return report;
  }
  return report;
}

}  // namespace raddle::explore
