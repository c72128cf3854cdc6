// Checking a model: one search with its detectors, and the recorded witness of each finding. What `raddle check`, the
// library and, later, workers have in common.
#pragma once
#include <optional>
#include <string>

#include "checker/explore/bounded.h"
#include "checker/explore/diverse_search.h"
#include "checker/explore/sampling.h"
#include "checker/explore/shard.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

class Keeper;
class Processes;
struct RecordedExecutions;

enum class StrategyKind : std::uint8_t {
  Exhaustive,
  Source,
  Brute,
  Preemptions,
  Delays,
  Sample,
  Random,
  Pct,
  Pos,
  Urw,
  Surw,
  Rff
};
inline constexpr StrategyKind kStrategies[] = {
    StrategyKind::Exhaustive, StrategyKind::Source, StrategyKind::Brute,  StrategyKind::Preemptions,
    StrategyKind::Delays,     StrategyKind::Sample, StrategyKind::Random, StrategyKind::Pct,
    StrategyKind::Pos,        StrategyKind::Urw,    StrategyKind::Surw,   StrategyKind::Rff};
/// "exhaustive", "source", "brute", "preemptions", "delays", "sample" (a portfolio), "random", "pct", "pos", "urw",
/// "surw", "rff". parse throws engine::UserError for anything else.
const char* name(StrategyKind k);
/// Does it go on until a limit is reached, without ever having seen everything?
constexpr bool is_sampling(StrategyKind k) { return k >= StrategyKind::Sample; }
/// Does it explore all schedules up to a bound on what they cost?
constexpr bool is_bounded(StrategyKind k) {
  return k == StrategyKind::Preemptions || k == StrategyKind::Delays;
}
StrategyKind parse_strategy(const std::string& s);

struct CheckOptions {
  StrategyKind strategy = StrategyKind::Exhaustive;
  Limits limits;               // limits.first_finding: stop at the first error
  std::uint64_t seed = 0;      // sampling
  Order order = Order::Mixed;  // exhaustive
  double sampled = 0;          // exhaustive: how much of the time is for samples, if the rest is not enough
  int depth = 3;               // pct: of the bugs that are looked for, >= 1
  int bound = -1;              // preemptions, delays: at most so many; -1: 0, 1, 2, ... until all is explored
  bool timeouts = true;        // timeouts may expire
  bool virtual_clock = false;  // not for the reductions
  bool notify_any = true;
  /// Exhaustive, source, brute: of executions that differ in an exchange of threads that are alike, some are left out
  /// (engine/symmetry.h).
  bool symmetric = false;
  DetectorOptions detectors;
  bool minimise = true;             // witnesses: to the fewest preemptions (minimise.h)
  bool verify_determinism = false;  // does the model do the same again under the same schedule?
  engine::Step max_steps = 20000;   // per execution
  /// Rounds of loops that keep executions from ending (see endless_loop.h); 0: 1, and as long as that cuts executions
  /// 2, 4, 8 and 16.
  int loop_bound = 0;
  unsigned shuffle = 0;  // tests: random free scheduling in exhaustive search
  /// Processes that explore; more than one needs `processes`, which must outlive the check.
  std::size_t jobs = 1;
  Processes* processes = nullptr;
  double alone = 0.3;  // seconds after which the others begin
  /// Exhaustive search: where it says how many executions are still to come, at least. Others may read it at any time.
  std::atomic<std::uint64_t>* pending = nullptr;
  /// Exhaustive search and sampling: where its state is kept, and one to go on with, if it is not empty. The same program
  /// and options must have been searched; limits are those of both together, but for the time.
  Keeper* keeper = nullptr;
  std::string resume;
  /// Not null: every execution of the search is recorded there, in one process and far more slowly.
  RecordedExecutions* record = nullptr;
  /// One of several parts: of an exhaustive search (sharded_search.h), or of so many samples (limits.executions)
  Shard shard;
  std::string knowing;  // CheckReport::state of a shard: begin with what it has learnt
};

/// One distinct output of the model.
struct CheckedOutcome {
  std::string text;
  std::uint64_t count = 0;                // executions
  std::optional<CheckedFinding> witness;  // of the first few
};

struct CheckReport {
  Statistics
      statistics;      // of the last search that came to its end, else of the last; discarded: of all others
  int loop_bound = 0;  // of that search
  std::vector<engine::TraceSite> loops;  // that it cut
  std::vector<engine::Loop> bounded;     // all that had a bound; some may not have reached it
  bool deepening_cut = false;          // a search with a higher bound was begun, and did not come to its end
  std::vector<Bounded::Level> levels;  // preemptions, delays: what was known when so many were explored
  bool left_out = false;               // preemptions, delays: some schedules, because they have more
  std::uint64_t samples = 0;     // exhaustive: how many of the executions are some, since there was no time
  bool finished = false;         // the search ended by itself: what it asked for was explored
  std::uint8_t revealed = 0;     // engine::Hidden, but for Symmetry
  bool without_threads = false;  // there is one execution, and it starts no thread
  /// CheckOptions::symmetric: groups of threads that are alike, by their labels; or that something has told them apart.
  std::vector<std::vector<std::string>> symmetric;
  bool told_apart = false;
  std::string difference;                  // what has, if this process knows
  std::vector<CheckedFinding> findings;    // most severe first, then by their witnesses
  std::vector<CheckedOutcome> outcomes;    // distinct outputs, in order of appearance
  std::uint64_t unrecorded = 0;            // findings that are no errors and were left out, for want of time
  std::vector<NamedChoice> last_schedule;  // of an execution that was aborted
  double seconds = 0;
  std::uint64_t races = 0;                              // exhaustive: total over the search
  std::string state;                                    // of a shard: for `merge`
  ClassCounts sample;                                   // sampling
  std::uint64_t ordered_pairs = 0, in_both_orders = 0;  // sampling (ordered_pairs.h)
};

/// Runs the search. Throws engine::UserError for options that do not go together.
CheckReport check(engine::Engine& e, engine::Program& program, const CheckOptions& options);

/// What the whole search would have reported, from all its shards. `options`: theirs. Throws engine::UserError if the
/// shards do not fit together.
CheckReport merge(engine::Engine& e, engine::Program& program, const CheckOptions& options,
                  const std::vector<ShardState>& shards);

}  // namespace raddle::explore
