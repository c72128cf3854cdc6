#include "checker/explore/checker.h"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>

#include "checker/engine/error.h"
#include "checker/engine/trace_recorder.h"
#include "checker/explore/brute.h"
#include "checker/explore/determinism.h"
#include "checker/explore/diverse_search.h"
#include "checker/explore/explain.h"
#include "checker/explore/knowledge.h"
#include "checker/explore/lock_order_search.h"
#include "checker/explore/parallel_bounded.h"
#include "checker/explore/parallel_sampling.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/portfolio.h"
#include "checker/explore/recorded_search.h"
#include "checker/explore/sampling.h"
#include "checker/explore/sharded_search.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kAlone = 20000;  // executions of a search for the first error in one process
constexpr const char* kNotRepeated = "the model did not do the same again";
constexpr const char* kNames[] = {"exhaustive", "source", "brute", "preemptions", "delays", "sample",
                                  "random",     "pct",    "pos",   "urw",         "surw",   "rff"};
static_assert(std::size(kNames) == std::size(kStrategies));

}  // namespace

const char* name(StrategyKind k) { return kNames[static_cast<std::size_t>(k)]; }

StrategyKind parse_strategy(const std::string& s) {
  for (std::size_t i = 0; i < std::size(kNames); ++i)
    if (s == kNames[i]) return static_cast<StrategyKind>(i);
  throw UserError("unknown strategy \"" + s +
                  "\": choose exhaustive, source, brute, preemptions, delays, sample, random, pct, pos, urw, "
                  "surw or rff");
}

namespace {

/// The finding's witness with the fewest preemptions, and for an error what would have had to be different.
CheckedFinding short_witness(Engine& e, Program& program, const Finding& found, const CheckOptions& o,
                             MinimisingBudget& budget) {
  const detect::Kind kind = found.observation.kind;
  if (!o.minimise || kind == detect::Kind::Divergence || kind == detect::Kind::Crash)
    return witness(e, program, found);
  const Finding f = minimise(e, program, found, o.detectors, budget).finding;
  if (f.severity() != detect::Severity::Error) return witness(e, program, f);
  const auto order = find_critical_order(e, program, f, o.detectors, budget);
  if (!order) return witness(e, program, f);
  TraceRun passing = passing_run(e, program, *order);
  return witness(e, program, f, [&](TraceRecorder& recorder) {
    explain(*order, recorder);
    recorder.trace().passing_run = std::move(passing);
  });
}

/// What CheckReport::state says. Throws WireError.
struct ShardReport {
  explicit ShardReport(const std::string& state) {
    WireReader in(state);
    const std::uint64_t reason = in.number();
    if (reason > static_cast<std::uint64_t>(StopReason::Aborted)) throw WireError("there is no such end");
    stop = static_cast<StopReason>(reason);
    loop_bound = static_cast<int>(in.number());
    deepening_cut = in.number() != 0;
    for (std::size_t n = in.count(); n; --n) {
      auto& group = symmetric.emplace_back();
      for (std::size_t k = in.count(); k; --k) group.emplace_back(in.text());
    }
    round = in.text();
  }
  StopReason stop;
  int loop_bound;
  bool deepening_cut;
  std::vector<std::vector<std::string>> symmetric;
  std::string_view round;  // as of Checkpoints
};

/// One search, or several with higher and higher bounds for the loops that keep executions from ending.
class Rounds {
 public:
  Rounds(Engine& e, Program& program, const CheckOptions& o, Inspector& inspector, Detectors& detectors,
         CheckReport& report)
      : engine_(e),
        program_(program),
        options_(o),
        inspector_(inspector),
        detectors_(detectors),
        report_(report) {}

  /// `taken`: called when the statistics of a search are taken over.
  template <class F>
  void run(Strategy& strategy, const F& taken) {
    engine_.clear_loops();
    if (!options_.knowing.empty()) learn_from(options_.knowing);
    const int first = is_sampling(options_.strategy) ? kLastBound : kFirstBound;  // samples are not repeated
    engine_.set_loop_bound(options_.loop_bound ? options_.loop_bound : first);
    search(strategy, taken);
  }

  /// Goes on from where the engine and the inspector are.
  void go_on(Strategy& strategy) {
    search(strategy, [] {});
  }
  /// Goes on with `state`, for which it calls `left` with what Checkpoints::resume returns.
  template <class F, class G>
  void resume(Strategy& strategy, const std::string& state, const F& left, const G& taken) {
    left(checkpoints_.resume(state, [this] { take(engine_.loop_bound()); }));
    search(strategy, taken);
  }
  template <class F>
  void resume(Strategy& strategy, const std::string& state, const F& left) {
    resume(strategy, state, left, [] {});
  }
  /// What samples have shown, besides the search. Its numbers stay those of the classes it has explored.
  void take_samples(const Inspector& samples) {
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
  /// As if a search had come to this.
  void conclude(int bound) { take(bound); }
  Checkpoints& checkpoints() { return checkpoints_; }
  void run(Strategy& strategy) {
    run(strategy, [] {});
  }

 private:
  void learn_from(const std::string& state) {
    const ShardReport shard(state);
    WireReader round(shard.round);
    restore_knowledge(round, engine_, program_);
  }

  template <class F>
  void search(Strategy& searched, const F& taken) {
    std::optional<RecordedSearch> recorded;
    if (options_.record) recorded.emplace(searched, inspector_, *options_.record);
    Strategy& strategy = recorded ? *recorded : searched;
    for (;;) {
      const int bound = engine_.loop_bound();
      engine_.set_symmetry(options_.symmetric);
      engine_.run(strategy, program_);
      engine_.set_symmetry(false);
      note_symmetric_threads();
      if (recorded) engine_.set_recorder(nullptr);
      if (take(bound)) taken();
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

  // What is executed besides, knows nothing of them.
  void note_symmetric_threads() {
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

  static constexpr int kFirstBound = 1, kLastBound = 16;
  static constexpr std::size_t kFewWarnings = 10, kMostWarnings = 100, kOutcomeTraces = 20;

  // false: what was known before stands.
  bool take(int bound) {
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

  template <class F>
  void take_findings(const Inspector& inspector, const F& take_one) {
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
      CheckedFinding found = short_witness(engine_, program_, *f, options_, budget_);
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

  void take_outcomes() {
    if (!detectors_.outcomes) return;
    report_.outcomes.clear();
    for (const Finding& f : inspector_.findings()) {
      if (f.observation.kind != detect::Kind::Outcome) continue;
      CheckedOutcome o{detectors_.outcomes->text(f.observation), f.count, {}};
      if (report_.outcomes.size() < kOutcomeTraces) o.witness = witness(engine_, program_, f);
      report_.outcomes.push_back(std::move(o));
    }
  }

  bool time_is_over() const {
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    const auto* interrupt = options_.limits.interrupt;
    return spent.count() >= options_.limits.seconds || (interrupt && interrupt->load());
  }

  // Among the first `n`; else the one behind them.
  std::vector<CheckedFinding>::iterator find(std::size_t n, const CheckedFinding& f) {
    return std::find_if(report_.findings.begin(), report_.findings.begin() + static_cast<std::ptrdiff_t>(n),
                        [&](const CheckedFinding& x) {
                          return x.finding.fingerprint == f.finding.fingerprint;  // of the kind, too
                        });
  }

  // A search with a higher bound sees all that those with lower ones have seen, and counts it anew. `too_late`: f is of a
  // search that did not come to its end, behind one that did.
  void add(CheckedFinding f, std::size_t earlier, bool too_late) {
    const auto last = report_.findings.begin() + static_cast<std::ptrdiff_t>(earlier);
    const auto known = find(earlier, f);
    if (known == last)
      report_.findings.push_back(std::move(f));
    else if (known->finding.severity != f.finding.severity && f.finding.severity == "error")
      *known = std::move(f);  // proven by now
    else if (!too_late)
      known->count = std::max(known->count, f.count);
  }

  Engine& engine_;
  Program& program_;
  const CheckOptions& options_;
  Inspector& inspector_;
  Detectors& detectors_;
  CheckReport& report_;
  MinimisingBudget budget_{.max_steps = options_.max_steps, .interrupt = options_.limits.interrupt};
  Checkpoints checkpoints_{options_.keeper, engine_, program_, inspector_};
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

bool is_about(const CheckedFinding& deadlock, const CheckedFinding& cycle) {
  auto names = [](const CheckedFinding& f) {
    std::vector<std::string> ids;
    for (int o : f.finding.objects) ids.push_back(f.trace.objects[static_cast<std::size_t>(o)].id);
    std::sort(ids.begin(), ids.end());
    return ids;
  };
  const auto locks = names(deadlock), wanted = names(cycle);
  return std::includes(locks.begin(), locks.end(), wanted.begin(), wanted.end());
}

/// Which of the predicted deadlocks happen. A search that has seen everything knows; else each is looked for.
void settle_lock_orders(Engine& e, Program& program, const CheckOptions& o, CheckReport& report) {
  const std::string kind = name(detect::Kind::LockOrder);
  auto first = std::stable_partition(report.findings.begin(), report.findings.end(),
                                     [&](const CheckedFinding& f) { return f.finding.kind != kind; });
  std::vector<CheckedFinding> cycles(std::make_move_iterator(first),
                                     std::make_move_iterator(report.findings.end()));
  report.findings.erase(first, report.findings.end());
  const bool complete =
      report.statistics.stop == StopReason::Exhausted && !report.statistics.truncated && !report.left_out;
  for (CheckedFinding& cycle : cycles) {
    auto shown = [&](const CheckedFinding& f) {
      return f.finding.kind == name(detect::Kind::Deadlock) && is_about(f, cycle);
    };
    if (std::any_of(report.findings.begin(), report.findings.end(), shown)) continue;
    if (complete) {
      cycle.finding.severity = name(detect::Severity::Note);
      cycle.finding.message += " No interleaving of this program makes them wait for each other.";
    } else if (auto deadlock = confirm_lock_order(e, program, cycle, o.limits, report.statistics.discarded)) {
      report.findings.push_back(std::move(*deadlock));
      continue;
    } else {
      cycle.finding.message += " No execution so far made them wait for each other.";
    }
    cycle.trace.findings = {cycle.finding};
    report.findings.push_back(std::move(cycle));
  }
}

// A search that has noticed it ends there; one that has not may still rest on it.
void verify_determinism(Engine& e, Program& program, const Inspector& inspector, CheckReport& report) {
  Statistics& s = report.statistics;
  const bool noticed = s.abort_reason.starts_with(kNotRepeated);
  if (s.stop == StopReason::Time || s.stop == StopReason::Interrupted) return;
  if (s.stop == StopReason::Aborted && !noticed) return;
  const std::string divergence = name(detect::Kind::Divergence);  // ends when the watchdog says so
  for (const CheckedFinding& f : report.findings)
    if (f.finding.kind == divergence) return;
  const std::string difference =
      find_nondeterminism(e, program, noticed ? report.last_schedule : inspector.first_schedule());
  if (difference.empty()) return;
  s.stop = StopReason::Aborted;
  s.abort_reason = std::string(kNotRepeated) + ": " + difference;
}

// What cannot be shown again is no finding: the model is not deterministic.
void drop_unrepeated(CheckReport& report) {
  const auto unrepeated = std::stable_partition(report.findings.begin(), report.findings.end(),
                                                [](const CheckedFinding& f) { return f.repeated; });
  if (unrepeated == report.findings.end()) return;
  Statistics& s = report.statistics;
  if (s.stop != StopReason::Aborted) {
    s.stop = StopReason::Aborted;
    s.abort_reason = std::string(kNotRepeated) + ": execution " +
                     std::to_string(unrepeated->first_execution) + " has shown an error (" +
                     unrepeated->finding.kind + "), and under the same schedule another one has not";
  }
  report.findings.erase(unrepeated, report.findings.end());
}

std::unique_ptr<Sampler> make_sampler(const CheckOptions& o) {
  switch (o.strategy) {
    case StrategyKind::Random: return std::make_unique<RandomWalk>();
    case StrategyKind::Pct: return std::make_unique<Pct>(o.depth);
    case StrategyKind::Pos: return std::make_unique<Pos>();
    case StrategyKind::Urw: return std::make_unique<Urw>(false);
    case StrategyKind::Surw: return std::make_unique<Urw>(true);
    case StrategyKind::Rff: return std::make_unique<Rff>();
    default: return std::make_unique<Portfolio>();
  }
}

void take_sample(const Sampling& sampling, CheckReport& report) {
  report.sample = sampling.classes().counts();
  report.ordered_pairs = sampling.pairs().size();
  report.in_both_orders = sampling.pairs().in_both_orders();
}

/// What a search and its conclusions have in common.
struct Check {
  Check(Engine& engine, Program& p, const CheckOptions& options)
      : e(engine), program(p), o(options), detectors(options.detectors) {
    e.set_timeouts(o.timeouts);
    e.set_virtual_clock(o.virtual_clock);
    e.set_notify_any(o.notify_any);
    e.set_max_steps(o.max_steps);
    detectors.add_to(inspector);
    Limits limits = o.limits;
    limits.seconds *= 1 - o.sampled;
    inspector.set_limits(limits);
  }

  void search();
  void bounded();
  void sample();
  void sample_the_rest();
  CheckReport conclude();

  Engine& e;
  Program& program;
  const CheckOptions& o;
  const std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
  Inspector inspector;
  Detectors detectors;
  CheckReport report;
  Rounds rounds{e, program, o, inspector, detectors, report};
  Processes nobody;
};

// What time is left is for samples: they are spread over all of the program.
void Check::sample_the_rest() {
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  Limits limits = o.limits;
  limits.seconds -= spent.count();
  // Whatever cuts executions short when time is over may have done so already.
  if (inspector.ended_in_haste() || limits.seconds <= 0) return;
  if (o.pending) *o.pending = 0;
  const std::uint8_t revealed = e.revealed();
  const std::string learnt = program.learnt();
  const std::vector<Loop> loops = e.loops();
  const std::string knowledge = knowledge_text(e, program);
  Inspector samples;
  Detectors of_samples(o.detectors);
  of_samples.add_to(samples);
  samples.set_limits(limits);
  Portfolio sampler;
  if (o.jobs > 1 && o.processes) {
    ParallelSampling sampling(samples, sampler, o.seed, program, *o.processes, {.jobs = o.jobs, .alone = {}});
    e.run(sampling, program);
    take_sample(sampling.sampling(), report);
  } else {
    Sampling sampling(samples, sampler, o.seed);
    e.run(sampling, program);
    take_sample(sampling, report);
  }
  // Witnesses are replayed with one knowledge: who has some keeps it.
  if (knowledge_text(e, program) == knowledge || report.findings.empty()) {
    rounds.take_samples(samples);
  } else {
    report.statistics.discarded += samples.statistics().executions;
    e.set_revealed(revealed);
    program.set_learnt(learnt);
    e.set_loops(loops, report.loop_bound);
  }
}

void Check::search() {
  switch (o.strategy) {
    case StrategyKind::Exhaustive:
    case StrategyKind::Source: {
      const Dpor::Options dpor_options{.optimal = o.strategy == StrategyKind::Exhaustive,
                                       .shuffle = o.shuffle};
      const auto order = DiverseSearch::Options::of(o.order, dpor_options);
      if (o.shard.of) {
        ShardedSearch search(inspector, {.shard = o.shard, .limits = o.limits});
        rounds.run(search);
        break;
      }
      const bool more = o.jobs > 1 || o.keeper || !o.resume.empty() || o.pending;
      if (!dpor_options.optimal) {
        Dpor dpor(inspector, dpor_options);
        rounds.run(dpor);
        report.races = dpor.counters().races;
        break;
      }
      if (more && o.processes && !o.record) {
        ParallelSearch search(inspector, program, *o.processes,
                              {.order = order,
                               .jobs = o.jobs,
                               .alone = std::chrono::nanoseconds(std::llround(o.alone * 1e9)),
                               .executions_alone = o.limits.first_finding ? kAlone : 0,
                               .checkpoints = &rounds.checkpoints(),
                               .pending = o.pending});
        if (o.resume.empty())
          rounds.run(search);
        else
          rounds.resume(search, o.resume, [&](std::string left) { search.resume(std::move(left)); });
        if (o.sampled > 0 && report.statistics.stop == StopReason::Time) sample_the_rest();
        report.races = search.races();
        break;
      }
      DiverseSearch search(inspector, order);
      rounds.run(search);
      report.races = search.dpor().counters().races;
      break;
    }
    case StrategyKind::Brute: {
      Brute brute(inspector);
      rounds.run(brute);
      break;
    }
    case StrategyKind::Preemptions:
    case StrategyKind::Delays: {
      bounded();
      break;
    }
    case StrategyKind::Sample:
    case StrategyKind::Random:
    case StrategyKind::Pct:
    case StrategyKind::Pos:
    case StrategyKind::Urw:
    case StrategyKind::Surw:
    case StrategyKind::Rff: {
      sample();
      break;
    }
  }
}

void Check::bounded() {
  const Bounded::Options options{
      o.strategy == StrategyKind::Preemptions ? BoundKind::Preemptions : BoundKind::Delays, o.bound};
  const bool others = o.jobs > 1 && o.processes && !o.record;
  const auto take = [&](const Bounded& search) {
    report.levels = search.levels();
    report.left_out = search.left_out();
    report.statistics.blocked =
        0;  // which ways lead to what is known already depends on the order of the search
  };
  if (!others && !o.keeper && o.resume.empty()) {
    Bounded search(inspector, options);
    rounds.run(search, [&] { take(search); });
    return;
  }
  ParallelBounded search(inspector, program, others ? *o.processes : nobody, rounds.checkpoints(),
                         {.bounded = options,
                          .jobs = others ? o.jobs : 1,
                          .alone = std::chrono::nanoseconds(std::llround(o.alone * 1e9))});
  const auto taken = [&] { take(search.bounded()); };
  if (o.resume.empty())
    rounds.run(search, taken);
  else
    rounds.resume(
        search, o.resume, [&](std::string left) { search.resume(std::move(left)); }, taken);
}

void Check::sample() {
  const auto sampler = make_sampler(o);
  const bool others = o.jobs > 1 && o.processes && !o.record;
  if (!others && !o.keeper && o.resume.empty() && !o.shard.of) {
    Sampling sampling(inspector, *sampler, o.seed);
    rounds.run(sampling);
    take_sample(sampling, report);
    return;
  }
  ParallelSampling sampling(inspector, *sampler, o.seed, program, others ? *o.processes : nobody,
                            {.jobs = others ? o.jobs : 1,
                             .alone = std::chrono::nanoseconds(std::llround(o.alone * 1e9)),
                             .shard = o.shard,
                             .runs = o.limits.executions,
                             .checkpoints = &rounds.checkpoints()});
  if (o.resume.empty())
    rounds.run(sampling);
  else
    rounds.resume(sampling, o.resume, [&](const std::string& left) { sampling.resume(left); });
  take_sample(sampling.sampling(), report);
  if (!o.shard.of) return;
  WireWriter out;
  save_knowledge(out, e, program);
  write(out, sampling.log());
  report.state = out.take();
}

/// As ShardReport reads it.
std::string state_of(const CheckReport& report) {
  WireWriter out;
  out.number(static_cast<std::uint64_t>(report.statistics.stop));
  out.number(static_cast<std::uint64_t>(report.loop_bound));
  out.number(report.deepening_cut);
  out.number(report.symmetric.size());
  for (const auto& group : report.symmetric) {
    out.number(group.size());
    for (const std::string& label : group) out.text(label);
  }
  out.text(report.state);
  return out.take();
}

CheckReport Check::conclude() {
  const StopReason stop = report.statistics.stop;
  report.finished =
      stop == StopReason::Exhausted || (is_sampling(o.strategy) && stop == StopReason::Executions);
  settle_lock_orders(e, program, o, report);
  drop_unrepeated(report);
  if (o.verify_determinism) verify_determinism(e, program, inspector, report);
  report.revealed = e.revealed() & static_cast<std::uint8_t>(~static_cast<unsigned>(Hidden::Symmetry));
  auto rank = [](const CheckedFinding& f) {
    return f.finding.severity == "error" ? 0 : f.finding.severity == "warning" ? 1 : 2;
  };
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [&](const CheckedFinding& a, const CheckedFinding& b) { return rank(a) < rank(b); });
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (o.shard.of) report.state = state_of(report);
  return std::move(report);
}

}  // namespace

CheckReport check(Engine& e, Program& program, const CheckOptions& o) {
  const bool reduces = o.strategy == StrategyKind::Exhaustive || o.strategy == StrategyKind::Source;
  if (o.virtual_clock && reduces)
    throw UserError(
        std::string("the virtual clock cannot be used with strategy \"") + name(o.strategy) +
        "\": which thread wakes first would depend on all threads; use --clock free, or --strategy sample");
  if (o.symmetric && !reduces && o.strategy != StrategyKind::Brute)
    throw UserError(std::string("symmetric threads are for the exhaustive search, not for strategy \"") +
                    name(o.strategy) + '"');
  Check check(e, program, o);
  check.search();
  return check.conclude();
}

namespace {

/// Do all shards know the same about the program, so that they are parts of the same search?
class SameKnowledge {
 public:
  SameKnowledge(const Engine& e, const Program& program) : engine_(e), program_(program) {}

  /// What `shard` knows is what the engine and the program know now. Throws UserError.
  void require(const std::string& shard) {
    const std::string text = knowledge_text(engine_, program_);
    if (first_.empty()) knowledge_ = text, first_ = shard;
    if (text == knowledge_) return;
    const bool more = text.size() > knowledge_.size();
    const std::string &knows = more ? shard : first_, &other = more ? first_ : shard;
    throw UserError(knows + " has learnt something about the program that " + other +
                    " does not know, so that they are not parts of the same search. Explore " + other +
                    " again, with --knowing and the result of " + knows);
  }

 private:
  const Engine& engine_;
  const Program& program_;
  std::string first_, knowledge_;
};

bool same_loop(const Loop& a, const Loop& b) {
  return a.kind == b.kind && detect::place(a.site) == detect::place(b.site);
}

/// The blocks of a shard, with cuts by the loops in the order in which others know them.
void add_blocks(SampledBlocks& all, WireReader& in, const std::vector<Loop>& own,
                const std::vector<Loop>& others) {
  std::vector<std::size_t> there;
  for (const Loop& l : others)
    there.push_back(static_cast<std::size_t>(
        std::find_if(own.begin(), own.end(), [&](const Loop& x) { return same_loop(x, l); }) - own.begin()));
  for (auto& [first, block] : read_sampled_blocks(in)) {
    std::vector<std::uint64_t> cuts;
    for (const std::size_t loop : there)
      if (loop < block.cuts.size()) cuts.push_back(block.cuts[loop]);
    block.cuts = std::move(cuts);
    all.insert_or_assign(first, std::move(block));
  }
  if (!in.at_end()) throw WireError("there is more than samples");
}

CheckReport merge_samples(Engine& e, Program& program, const CheckOptions& o,
                          const std::vector<ShardState>& shards) {
  Check check(e, program, o);
  SameKnowledge knowledge(e, program);
  SampledBlocks blocks;
  std::vector<Loop> loops;
  StopReason stop = StopReason::Executions;
  for (const ShardState& shard : shards) {
    const ShardReport report(shard.state);
    stop = std::max(stop, report.stop);
    WireReader in(report.round);
    restore_knowledge(in, e, program);
    knowledge.require(shard.name);
    if (loops.empty()) loops = e.loops();
    add_blocks(blocks, in, e.loops(), loops);
  }
  e.set_loops(std::move(loops), e.loop_bound());
  e.set_loop_bound(e.loop_bound());  // cuts are those of the blocks
  const auto sampler = make_sampler(o);
  ParallelSampling sampling(check.inspector, *sampler, o.seed, program, check.nobody, {.jobs = 1});
  sampling.merge(std::move(blocks), stop);
  check.rounds.go_on(sampling);
  take_sample(sampling.sampling(), check.report);
  return check.conclude();
}

}  // namespace

CheckReport merge(Engine& e, Program& program, const CheckOptions& o, const std::vector<ShardState>& shards) {
  if (is_sampling(o.strategy)) return merge_samples(e, program, o, shards);
  Check check(e, program, o);
  SameKnowledge knowledge(e, program);
  Checkpoints& parts = check.rounds.checkpoints();
  std::vector<Loop> loops;
  StopReason stop = StopReason::Exhausted;
  int bound = 0;
  for (const ShardState& shard : shards) {
    const bool first = &shard == &shards.front();
    const ShardReport report(shard.state);
    stop = std::max(stop, report.stop);
    // Parts of searches with different bounds are no whole: time ran out for one of them.
    if (!first && report.loop_bound != bound) stop = std::max(stop, StopReason::Time);
    bound = first ? report.loop_bound : std::min(bound, report.loop_bound);
    check.report.deepening_cut |= report.deepening_cut;
    check.report.symmetric = std::max(check.report.symmetric, report.symmetric);
    first ? parts.restore(report.round) : parts.add(report.round);
    knowledge.require(shard.name);
    for (const Loop& known : loops)  // in the order in which others have found them
      for (std::size_t i = 0; i < e.loops().size(); ++i)
        if (same_loop(e.loops()[i], known)) e.add_cuts(i, known.cuts);
    loops = e.loops();
  }
  check.report.told_apart = e.is_revealed(Hidden::Symmetry);
  check.inspector.ended(stop);
  check.rounds.conclude(bound);
  return check.conclude();
}

}  // namespace raddle::explore
