// Bounded search by several processes, and such as can be stopped and gone on with. Executions, classes, levels and findings
// do not depend on the number of processes, nor on who is faster: each state is explored once, at the least cost, and what
// is counted are the states in which executions end.
//
// What is pending stays in the calling process. Workers, copies of it, get batches of branches of the present cost, explore
// them for a moment, and give back what is left, what costs more, and what they have seen. Which states have been
// reached they all know (shared_states.h). A cost is begun when nothing of the one before is left anywhere. What a worker
// has entered that ends in the middle of its batch is taken out again, and somebody else gets the batch.
//
// What is found first would depend on who is faster. A search for the first error therefore notes where it stood when the
// others began, and when one of them has found an error, it goes on from there, alone.
#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/program.h"
#include "checker/explore/bounded.h"
#include "checker/explore/checkpoint.h"
#include "checker/explore/parallel_search.h"
#include "checker/explore/shared_states.h"
#include "checker/explore/workers.h"

namespace raddle::explore {

class ParallelBounded : public engine::Strategy {
 public:
  struct Options {
    Bounded::Options bounded;
    std::size_t jobs = 2;
    std::chrono::nanoseconds alone = std::chrono::milliseconds(300);  // how long without the others, at least
    std::chrono::nanoseconds lease = std::chrono::milliseconds(50);   // how long a batch is explored, about
    std::size_t least_room = std::size_t{1} << 19;                    // for states, at first
  };
  /// All must outlive it.
  ParallelBounded(Inspector& inspector, engine::Program& program, Processes& processes,
                  Checkpoints& checkpoints, Options options);
  /// Begins with what Checkpoints::resume has returned. A damaged one: engine::WireError out of the engine's run.
  void resume(std::string left) { resumed_ = std::move(left); }

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return bounded_.pick(e, current); }
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override {
    return bounded_.unordered_access(e, o);
  }

  const Bounded& bounded() const { return bounded_; }
  /// Batches that were given back.
  std::uint64_t batches() const { return batches_; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Role : std::uint8_t { Alone, Coordinator, Worker };
  enum class Message : std::uint8_t { Result, Cut, Restart };
  struct Assignment {
    Bounded::Batch batch;
    SharedStates::Lease lease = 0;
  };

  bool explore_alone(engine::Engine&);
  bool is_time_for_others() const;
  bool may_keep() const;
  void keep(engine::Engine&, bool undo);
  // --- the coordinator
  bool coordinate(engine::Engine&);
  bool start_workers(engine::Engine&);
  void make_room();
  bool explore_together(engine::Engine&);
  bool all_back() const;
  void assign(engine::Engine&);
  void hear(engine::Engine&, std::size_t worker);
  bool take_messages(engine::Engine&, std::size_t worker);
  void take_result(engine::Engine&, std::size_t worker, engine::WireReader& in);
  void take_news(engine::Engine&, engine::WireReader& in);
  void lose(std::size_t worker);
  void settle(engine::Engine&);
  void dismiss(engine::Engine&);
  bool go_back(engine::Engine&);
  // --- a worker
  bool work(engine::Engine&);
  void write_news(engine::Engine&, engine::WireWriter& out);
  void report(engine::Engine&);

  Inspector& inspector_;
  engine::Program& program_;
  Processes& processes_;
  Checkpoints& checkpoints_;
  Options options_;
  Bounded bounded_;
  Role role_ = Role::Alone;
  std::string resumed_;
  std::uint64_t executed_ = 0, batches_ = 0;
  Clock::time_point since_ = Clock::now();

  Workers workers_;
  std::unique_ptr<SharedStates> states_;
  std::size_t room_ = 0;                                  // for states, there
  std::vector<std::optional<Assignment>> assigned_;       // by worker
  std::vector<std::pair<std::size_t, Assignment>> lost_;  // with a worker
  std::vector<std::string> cut_;                          // news of executions that were cut
  SharedStates::Lease leases_ = 1;                        // that of what is known before
  std::size_t deaths_ = 0;
  bool restarting_ = false, ending_ = false;
  // Searches for the first error.
  bool stays_alone_ = false;
  std::string round_before_, left_before_, round_with_error_;

  std::size_t worker_ = 0;  // a worker's number
  Channel* channel_ = nullptr;
  bool busy_ = false;
  Clock::time_point begun_;
  std::vector<std::uint64_t> cuts_reported_;
  std::string before_cut_;  // the news, before an execution was cut
};

}  // namespace raddle::explore
