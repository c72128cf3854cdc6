// Joining the parts of a search that were explored apart (sharded_search.h, parallel_sampling.h).
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "checker/engine/error.h"
#include "checker/explore/check_run.h"
#include "checker/explore/knowledge.h"
#include "checker/explore/parallel_sampling.h"
#include "checker/explore/shard_report.h"

namespace raddle::explore {

using namespace engine;

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
