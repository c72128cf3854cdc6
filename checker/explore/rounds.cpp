#include "checker/explore/rounds.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "checker/explore/knowledge.h"
#include "checker/explore/lock_order_search.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/recorded_search.h"
#include "checker/explore/replay.h"
#include "checker/explore/shard_report.h"
#include "checker/explore/shortening.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr int kFirstBound = 1, kLastBound = 16;
constexpr std::size_t kFewWarnings = 10, kMostWarnings = 100, kOutcomeTraces = 20;

}  // namespace

Rounds::Rounds(Engine& e, Program& program, const CheckOptions& o, Inspector& inspector, Detectors& detectors,
               CheckReport& report)
    : engine_(e),
      program_(program),
      options_(o),
      inspector_(inspector),
      detectors_(detectors),
      report_(report) {}

void Rounds::run(Strategy& strategy, const std::function<void()>& taken) {
  engine_.clear_loops();
  if (!options_.knowing.empty()) learn_from(options_.knowing);
  const int first = is_sampling(options_.strategy) ? kLastBound : kFirstBound;  // samples are not repeated
  engine_.set_loop_bound(options_.loop_bound ? options_.loop_bound : first);
  search(strategy, taken);
}

void Rounds::go_on(Strategy& strategy) { search(strategy, {}); }

void Rounds::resume(Strategy& strategy, const std::string& state,
                    const std::function<void(std::string)>& left, const std::function<void()>& taken) {
  left(checkpoints_.resume(state, [this] { take(engine_.loop_bound()); }));
  search(strategy, taken);
}

void Rounds::learn_from(const std::string& state) {
  const ShardReport shard(state);
  WireReader round(shard.round);
  restore_knowledge(round, engine_, program_);
}

void Rounds::search(Strategy& searched, const std::function<void()>& taken) {
  std::optional<RecordedSearch> recorded;
  if (options_.record) recorded.emplace(searched, inspector_, *options_.record);
  Strategy& strategy = recorded ? *recorded : searched;
  for (;;) {
    const int bound = engine_.loop_bound();
    engine_.set_symmetry(options_.symmetric);
    engine_.run(strategy, program_);
    if (options_.symmetric && !options_.resume.empty() && engine_.symmetry().met().empty()) meet_threads();
    engine_.set_symmetry(false);
    note_symmetric_threads();
    if (recorded) engine_.set_recorder(nullptr);
    if (take(bound) && taken) taken();
    const Statistics& s = inspector_.statistics();
    const bool last = options_.loop_bound || bound >= kLastBound || engine_.loops().empty();
    // Which part of the search a shard is depends on the bound: all of them have to come to the same one.
    const bool another = s.truncated || options_.shard.of;
    if (last || s.stop != StopReason::Exhausted || !another) return;
    checkpoints_.end_round();
    engine_.set_loop_bound(2 * bound);
    strategy.restart(engine_);
  }
}

// A search that had come to its end before it was resumed has executed nothing now.
void Rounds::meet_threads() {
  const std::vector<Loop> loops = engine_.loops();
  Inspector unused;
  Replay any(unused, {});
  engine_.run(any, program_);
  engine_.set_loops(loops, engine_.loop_bound());
}

// What is executed besides, knows nothing of them.
void Rounds::note_symmetric_threads() {
  if (!options_.symmetric) return;
  report_.told_apart = engine_.is_revealed(Hidden::Symmetry);
  report_.difference = engine_.difference() ? engine_.difference() : "";
  report_.symmetric.clear();
  if (report_.told_apart) return;
  for (const auto& group : engine_.symmetry().met()) {
    auto& labels = report_.symmetric.emplace_back();
    for (const std::uint64_t name : group)
      labels.push_back(default_label(engine_, engine_.thread_named(name)));
  }
}

// --- what they have found

// false: what was known before stands.
bool Rounds::take(int bound) {
  const Statistics& s = inspector_.statistics();
  std::vector<TraceSite> loops;
  for (const Loop& l : engine_.loops())
    if (l.cuts) loops.push_back(trace_site(l.site));
  if (s.stop == StopReason::Aborted) report_.last_schedule = inspector_.last_schedule();
  // What the clock cuts short says less than the search before, unless it has found something.
  const bool too_late = report_.loop_bound && s.stop == StopReason::Time;
  const std::size_t earlier = report_.findings.size();
  take_findings(inspector_, [&](CheckedFinding f) { add(std::move(f), earlier, too_late); });
  if (too_late) {
    report_.deepening_cut = true;
    report_.statistics.discarded = s.discarded + s.executions - report_.statistics.executions;
    return false;
  }
  report_.statistics = s;
  report_.loop_bound = bound;
  if (options_.shard.of) report_.state = checkpoints_.round();
  report_.bounded = engine_.loops();
  report_.loops = std::move(loops);
  take_outcomes();
  return true;
}

void Rounds::take_findings(const Inspector& inspector, const std::function<void(CheckedFinding)>& take_one) {
  std::vector<const Finding*> findings;
  for (const Finding& f : inspector.findings())
    if (f.observation.kind != detect::Kind::Outcome || f.severity() == detect::Severity::Error)
      findings.push_back(&f);
  // Which comes first does not depend on the order of the search.
  auto rank = [](const Finding* f) {
    return std::tuple(-static_cast<int>(f->severity()), f->length, f->print, f->observation.kind);
  };
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding* a, const Finding* b) {
    return rank(a) != rank(b) ? rank(a) < rank(b) : a->observation.key < b->observation.key;
  });
  // What it takes to see one may take the process with it.
  std::stable_partition(findings.begin(), findings.end(),
                        [](const Finding* f) { return f->observation.kind != detect::Kind::Crash; });
  const bool updates_are_lost = std::any_of(findings.begin(), findings.end(), [](const Finding* f) {
    return f->observation.kind == detect::Kind::LostUpdate && f->severity() == detect::Severity::Error;
  });
  std::vector<std::pair<const Finding*, CheckedFinding>> taken;
  std::size_t recorded = 0;
  for (const Finding* f : findings) {
    // Hundreds of warnings are a nuisance already.
    if (f->severity() != detect::Severity::Error &&
        recorded >= (time_is_over() ? kFewWarnings : kMostWarnings)) {
      ++report_.unrecorded;
      continue;
    }
    ++recorded;
    CheckedFinding found = short_witness(*f, updates_are_lost);
    if (f->observation.kind != detect::Kind::LockOrder || !ordered_by_starts(found))
      taken.emplace_back(f, std::move(found));
  }
  // Of those that one execution shows, what stands first in the source comes first.
  std::stable_sort(taken.begin(), taken.end(), [&](const auto& a, const auto& b) {
    auto full = [&](const auto& x) {
      const TraceSite& site = x.second.finding.site;
      return std::tuple(rank(x.first), std::string_view(site.file), site.line);
    };
    return full(a) < full(b);
  });
  for (auto& [_, found] : taken) take_one(std::move(found));
}

// The finding's witness with the fewest preemptions, and for an error what would have had to be different.
CheckedFinding Rounds::short_witness(const Finding& found, bool updates_are_lost) {
  const detect::Kind kind = found.observation.kind;
  if (!options_.minimise || kind == detect::Kind::Divergence) return witness(engine_, program_, found);
  const bool crashed = kind == detect::Kind::Crash || report_.statistics.stop == StopReason::Crashed ||
                       inspector_.statistics().stop == StopReason::Crashed;
  Processes nobody;
  const Shortened s = crashed
                          ? shorten_in_copies(engine_, program_, found, options_.detectors, updates_are_lost,
                                              budget_, options_.processes ? *options_.processes : nobody)
                          : shorten(engine_, program_, found, options_.detectors, updates_are_lost, budget_);
  if (!s.order) return witness(engine_, program_, s.finding);
  TraceRun passing = passing_run(engine_, program_, *s.order);
  return witness(engine_, program_, s.finding, [&](TraceRecorder& recorder) {
    explain(*s.order, recorder);
    recorder.trace().passing_run = std::move(passing);
  });
}

void Rounds::take_samples(const Inspector& samples) {
  const Statistics& more = samples.statistics();
  Statistics& s = report_.statistics;
  s.executions += more.executions;
  s.deadlocks += more.deadlocks;
  s.truncated += more.truncated;
  s.failing += more.failing;
  s.events += more.events;
  s.longest = std::max(s.longest, more.longest);
  s.stop = more.stop;
  report_.samples = more.executions;
  report_.bounded = engine_.loops();
  take_findings(samples, [this](CheckedFinding f) {
    const auto known = find(report_.findings.size(), f);
    if (known == report_.findings.end())
      report_.findings.push_back(std::move(f));
    else
      known->count += f.count;
  });
}

void Rounds::take_outcomes() {
  if (!detectors_.outcomes) return;
  report_.outcomes.clear();
  for (const Finding& f : inspector_.findings()) {
    if (f.observation.kind != detect::Kind::Outcome) continue;
    CheckedOutcome o{detectors_.outcomes->text(f.observation), f.count, {}};
    if (report_.outcomes.size() < kOutcomeTraces) o.witness = witness(engine_, program_, f);
    report_.outcomes.push_back(std::move(o));
  }
}

bool Rounds::time_is_over() const {
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  const auto* interrupt = options_.limits.interrupt;
  return spent.count() >= options_.limits.seconds || (interrupt && interrupt->load());
}

// Among the first `n`; else the one behind them.
std::vector<CheckedFinding>::iterator Rounds::find(std::size_t n, const CheckedFinding& f) {
  return std::find_if(report_.findings.begin(), report_.findings.begin() + static_cast<std::ptrdiff_t>(n),
                      [&](const CheckedFinding& x) {
                        return x.finding.fingerprint == f.finding.fingerprint;  // of the kind, too
                      });
}

// A search with a higher bound sees all that those with lower ones have seen, and counts it anew. `too_late`: f is of a
// search that did not come to its end, behind one that did.
void Rounds::add(CheckedFinding f, std::size_t earlier, bool too_late) {
  const auto last = report_.findings.begin() + static_cast<std::ptrdiff_t>(earlier);
  const auto known = find(earlier, f);
  if (known == last)
    report_.findings.push_back(std::move(f));
  else if (known->finding.severity != f.finding.severity && f.finding.severity == "error")
    *known = std::move(f);  // proven by now
  else if (!too_late)
    known->count = std::max(known->count, f.count);
}

}  // namespace raddle::explore
