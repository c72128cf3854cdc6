// Sampling by several processes. The runs, and all that is counted and found in them, are those of one process,
// whatever the number of processes and whoever is faster; with a time budget, only how many there are depends on it.
//
// The unit of work is a block of runs (Sampler::kBlock), on which a run depends at most. The calling process begins
// alone, since most searches are over soon. Then copies of it execute blocks, and it takes their results over in the
// order of the blocks: what one process would know that has executed all runs up to there. A block in which something
// happens that ends the search, or makes it start again, is executed once more here, where it happens as it would
// have without the others. So are blocks in which a worker comes to harm by what it runs; one that is killed from
// outside has done nothing, and somebody else does it.
//
// So it does not matter, either, when and where a block is executed. A shard executes each n-th block, and keeps the
// results; who merges shards begins with all of their results, and finds them there as if others had just sent them.
// Who goes on with a search that was kept begins with what had been executed up to some run. What the runs to come may
// depend on, the first one, and those before them in their block if the sampler learns, is then executed once more, to no
// account.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/engine/program.h"
#include "checker/explore/checkpoint.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/sampling.h"
#include "checker/explore/shard.h"
#include "checker/explore/workers.h"

namespace raddle::explore {

/// What the runs of a block, or of a part of it, have shown.
struct SampledBlock {
  enum class State : std::uint8_t {
    Complete,
    Cut,     // time was over
    Trouble  // to be executed where all before it have been
  };
  State state = State::Trouble;
  std::uint64_t next = 0;           // behind the last run
  std::vector<std::uint64_t> cuts;  // by loop
  std::string news;                 // nothing if there is trouble
};

/// By the number of their first run.
using SampledBlocks = std::map<std::uint64_t, SampledBlock>;
void write(engine::WireWriter& out, const SampledBlocks& blocks);
/// Throws engine::WireError.
SampledBlocks read_sampled_blocks(engine::WireReader& in);

class ParallelSampling : public engine::Strategy {
 public:
  struct Options {
    std::size_t jobs = 2;
    std::chrono::nanoseconds alone = std::chrono::milliseconds(300);  // how long without the others, at least
    Shard shard;                                                      // of the blocks
    std::uint64_t runs = UINT64_MAX;                                  // a shard's: of the whole search
    Checkpoints* checkpoints = nullptr;  // for which the state of the search is kept
  };
  /// All must outlive it.
  ParallelSampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed, engine::Program& program,
                   Processes& processes, Options options);
  /// Begins with what Checkpoints::resume has returned. Throws engine::WireError if it is damaged.
  void resume(std::string_view left);
  /// Executes nothing but what has to be executed once more, and takes these. The search ends for this reason where they
  /// end.
  void merge(SampledBlocks blocks, StopReason end);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  const Sampling& sampling() const { return sampling_; }
  /// Blocks that others have executed.
  std::uint64_t blocks() const { return blocks_; }
  /// What a shard has executed.
  const SampledBlocks& log() const { return log_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Run = std::uint64_t;  // a block goes by the number of its first run
  using Result = SampledBlock;
  using State = SampledBlock::State;
  enum class Role : std::uint8_t { Alone, Coordinator, Worker };
  enum class Phase : std::uint8_t { First, Prepare, Sample };
  struct Task {
    std::deque<Run> blocks;   // that it is to execute
    bool fresh = true;        // has it just been started?
    bool in_trouble = false;  // it has said so, and may leave
  };

  bool is_time_for_others() const;
  Run end_of(Run block) const;
  Run following(Run run) const;
  bool over();
  // --- in this process
  void plan(Run first);
  bool prepare(engine::Engine&);
  void go_on();
  bool sample(engine::Engine&);
  bool conclude_merge(engine::Engine&);
  SampledBlock news(engine::Engine&, State state);
  void begin_block(engine::Engine&);
  void end_block(engine::Engine&);
  // --- keeping the state
  bool may_keep() const;
  void keep(Run next);
  // --- the coordinator
  bool coordinate(engine::Engine&);
  void replace(engine::Engine&, std::size_t worker);
  void assign();
  bool next_block(const Task& task, Run& block);
  void hear(engine::Engine&, std::size_t worker);
  void take_message(std::size_t worker, const std::string& message);
  bool take_results(engine::Engine&);
  void merge(engine::Engine&, Run block, const Result& result);
  void dismiss(engine::Engine&);
  // --- a worker
  bool work(engine::Engine&);
  void report(engine::Engine&);

  Inspector& inspector_;
  engine::Program& program_;
  Processes& processes_;
  Options options_;
  Sampling sampling_;
  Inspector scratch_;     // for what does not count
  Sampling preparation_;  // of `sampling_`
  std::string restored_;  // how far that had come
  bool resumed_ = false, merging_ = false;
  StopReason end_of_merge_ = StopReason::None;
  Phase phase_ = Phase::First;
  std::vector<std::pair<Run, Run>> to_prepare_;
  Role role_ = Role::Alone;
  std::uint64_t executed_ = 0, blocks_ = 0;
  Clock::time_point since_ = Clock::now();

  Workers workers_;
  std::vector<Task> tasks_;  // by worker
  SampledBlocks results_;    // that were not their turn yet
  SampledBlocks log_;
  std::set<Run> again_;  // blocks that were lost with a worker
  Run alone_until_ = 0, next_ = 0, end_ = UINT64_MAX;
  Run trouble_ = 0;  // the first block with trouble: what comes behind it need not be executed
  std::size_t deaths_ = 0;

  Channel* channel_ = nullptr;  // a worker's
  bool busy_ = false;
  Run block_ = 0, block_end_ = 0;  // also of the shard in this process
  bool in_block_ = false, merged_ = false;
  std::vector<std::uint64_t> cuts_reported_;
};

}  // namespace raddle::explore
