// Exhaustive search by several processes: the exploration tree stays here, its parts are leased to workers
// (exploration_tree.h), which explore them as Dpor does. The classes that are found, and how many executions that takes,
// do not depend on the number of workers, nor on who is faster.
//
// The search begins in the calling process alone: most searches are over before others could help. Workers are copies
// of that process. What they report counts when their lease is given back; a worker that dies has done nothing, and
// somebody else does it.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/program.h"
#include "checker/explore/checkpoint.h"
#include "checker/explore/diverse_search.h"
#include "checker/explore/workers.h"

namespace raddle::explore {

/// What else belongs to a process that runs a model: whoever starts the search knows.
class Processes {
 public:
  virtual ~Processes() = default;
  /// From now on this process runs no model, until it is told otherwise.
  virtual void pause(bool) {}
  /// In a new process, the i-th, before it runs anything.
  virtual void enter(std::size_t /*i*/, engine::Engine&) {}
  /// Worker `i` has ended by itself, or by what it ran; `status` as from waitpid. May not return.
  virtual void lost(std::size_t /*i*/, int /*status*/) {}
};

class ParallelSearch : public engine::Strategy {
 public:
  struct Options {
    DiverseSearch::Options order;
    std::size_t jobs = 2;
    std::chrono::nanoseconds alone = std::chrono::milliseconds(300);  // how long without the others, at least
    /// Executions without the others, unless they take longer than `longest_alone`: who is faster makes a difference to
    /// what is found first.
    std::uint64_t executions_alone = 0;
    std::chrono::nanoseconds longest_alone = std::chrono::seconds(5);
    std::chrono::nanoseconds lease = std::chrono::milliseconds(25);  // how long one lasts, about
    std::size_t most_nodes = std::size_t{4} << 20;  // that are kept in the tree before one has to wait
    Checkpoints* checkpoints = nullptr;             // for which the state of the search is kept
    std::atomic<std::uint64_t>* pending =
        nullptr;  // where it says how many executions are still to come, at least
  };
  /// All must outlive it.
  ParallelSearch(Inspector& inspector, engine::Program& program, Processes& processes, Options options);
  /// Begins with what Checkpoints::resume has returned. A damaged one: engine::WireError out of the engine's run.
  void resume(std::string left) { resumed_ = std::move(left); }

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return alone_.pick(e, current); }
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override {
    return alone_.unordered_access(e, o);
  }

  std::uint64_t races() const { return alone_.dpor().counters().races + races_; }
  /// Leases that were given back.
  std::uint64_t leases() const { return leases_; }

 private:
  using Clock = std::chrono::steady_clock;
  enum class Role : std::uint8_t { Alone, Coordinator, Worker };
  enum class Message : std::uint8_t { Lease, Result, Restart };

  bool is_time_for_others() const;
  bool explore_alone(engine::Engine&);
  void say_what_is_pending();
  bool start_resumed(engine::Engine&);
  // --- keeping the state
  bool may_keep() const;
  void keep(engine::Engine&, ExplorationTree tree);
  // --- the coordinator
  bool share(engine::Engine&);
  bool coordinate(engine::Engine&);
  void assign(engine::Engine&);
  void hear(engine::Engine&, std::size_t worker);
  bool take_messages(engine::Engine&, std::size_t worker);
  void take_result(engine::Engine&, std::size_t worker, engine::WireReader& in);
  void take_news(engine::Engine&, engine::WireReader& in);
  void take_unfinished(engine::Engine&);
  void start_again(engine::Engine&, engine::WireReader& in);
  void replace(engine::Engine&, std::size_t worker);
  void dismiss(engine::Engine&);
  // --- a worker
  bool work(engine::Engine&);
  bool is_over() const;
  void report(engine::Engine&, bool explored);

  Inspector& inspector_;
  engine::Program& program_;
  Processes& processes_;
  Options options_;
  DiverseSearch alone_;  // whoever explores does it with this one's Dpor
  Role role_ = Role::Alone;
  std::uint64_t executed_ = 0;  // since the lease was taken
  Clock::time_point since_ = Clock::now(), next_said_ = since_;
  std::uint64_t races_ = 0, leases_ = 0;

  struct Assignment {
    ExplorationTree::NodeId root = 0;
    Lease lease;
  };
  std::optional<ExplorationTree> tree_;
  Workers workers_;
  std::vector<std::optional<Assignment>> assigned_;
  std::vector<std::string>
      unfinished_;  // news of leases in which an execution was cut: who goes on explores them again
  std::size_t deaths_ = 0;
  bool restarting_ = false, ending_ = false;
  std::string resumed_;

  Channel* channel_ = nullptr;  // a worker's
  bool leased_ = false;
  std::uint64_t races_reported_ = 0;
  std::vector<std::uint64_t> cuts_reported_;
};

}  // namespace raddle::explore
