#include "checker/explore/checker.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "checker/engine/error.h"
#include "checker/explore/brute.h"
#include "checker/explore/check_run.h"
#include "checker/explore/conclusions.h"
#include "checker/explore/diverse_search.h"
#include "checker/explore/knowledge.h"
#include "checker/explore/parallel_bounded.h"
#include "checker/explore/parallel_sampling.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/pct.h"
#include "checker/explore/portfolio.h"
#include "checker/explore/pos.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/rff.h"
#include "checker/explore/shard_report.h"
#include "checker/explore/sharded_search.h"
#include "checker/explore/urw.h"

namespace raddle::explore {

using namespace engine;

namespace {

constexpr std::uint64_t kAlone = 20000;  // executions of a search for the first error in one process
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

CheckReport Check::conclude() {
  const StopReason stop = report.statistics.stop;
  report.finished =
      stop == StopReason::Exhausted || (is_sampling(o.strategy) && stop == StopReason::Executions);
  settle_lock_orders(e, program, o, report);
  drop_unrepeated(report);
  if (o.verify_determinism) verify_determinism(e, program, inspector, report);
  report.without_threads = report.finished && report.statistics.executions == 1 && e.thread_count() == 1;
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

}  // namespace raddle::explore
