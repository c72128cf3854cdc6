// Sampling by several processes. The runs, and all that is counted and found in them, are those of one process,
// whatever the number of processes and whoever is faster; with a time budget, only how many there are depends on it.
//
// The unit of work is a block of runs (Sampler::kBlock), on which a run depends at most. The calling process begins
// alone, since most searches are over soon. Then copies of it execute blocks, and it takes their results over in the
// order of the blocks: what one process would know that has executed all runs up to there. A block in which something
// happens that ends the search, or makes it start again, is executed once more here, where it happens as it would
// have without the others. So are blocks in which a worker comes to harm by what it runs; one that is killed from
// outside has done nothing, and somebody else does it.
#pragma once
#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/engine/program.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/sampling.h"
#include "checker/explore/workers.h"

namespace raddle::explore {

class ParallelSampling : public engine::Strategy {
 public:
  struct Options {
    std::size_t jobs = 2;
    std::chrono::nanoseconds alone = std::chrono::milliseconds(300);  // how long without the others, at least
  };
  /// All must outlive it.
  ParallelSampling(Inspector& inspector, Sampler& sampler, std::uint64_t seed, engine::Program& program,
                   Processes& processes, Options options);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override {
    return sampling_.pick(e, current);
  }
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;

  const Sampling& sampling() const { return sampling_; }
  /// Blocks that others have executed.
  std::uint64_t blocks() const { return blocks_; }

 private:
  using Clock = std::chrono::steady_clock;
  using Run = std::uint64_t;  // a block goes by the number of its first run
  enum class Role : std::uint8_t { Alone, Coordinator, Worker };
  enum class State : std::uint8_t {
    Complete,
    Cut,     // time is over
    Trouble  // to be executed by the coordinator itself
  };
  struct Result {
    State state = State::Trouble;
    Run next = 0;      // behind the last run
    std::string news;  // nothing if there is trouble
  };
  struct Task {
    std::deque<Run> blocks;   // that it is to execute
    bool fresh = true;        // has it just been started?
    bool in_trouble = false;  // it has said so, and may leave
  };

  bool is_time_for_others() const;
  Run end_of(Run block) const;
  // --- the coordinator
  bool coordinate(engine::Engine&);
  void replace(engine::Engine&, std::size_t worker);
  void assign();
  bool next_block(const Task& task, Run& block);
  void hear(engine::Engine&, std::size_t worker);
  void take_message(std::size_t worker, const std::string& message);
  bool take_results(engine::Engine&);
  void merge(engine::Engine&, const Result& result);
  void dismiss(engine::Engine&);
  // --- a worker
  bool work(engine::Engine&);
  void report(engine::Engine&);

  Inspector& inspector_;
  engine::Program& program_;
  Processes& processes_;
  Options options_;
  Sampling sampling_;
  Role role_ = Role::Alone;
  std::uint64_t executed_ = 0, blocks_ = 0;
  Clock::time_point since_ = Clock::now();

  Workers workers_;
  std::vector<Task> tasks_;        // by worker
  std::map<Run, Result> results_;  // that were not their turn yet
  std::set<Run> again_;            // blocks that were lost with a worker
  Run alone_until_ = 0, next_ = 0, end_ = 0;
  Run trouble_ = 0;  // the first block with trouble: what comes behind it need not be executed
  std::size_t deaths_ = 0;

  Channel* channel_ = nullptr;  // a worker's
  bool busy_ = false;
  Run block_ = 0, block_end_ = 0;
  std::vector<std::uint64_t> cuts_reported_;
};

}  // namespace raddle::explore
