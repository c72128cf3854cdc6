// Exhaustive search in one process that begins with executions unlike each other. Depth first, an execution differs
// from the one before it in what comes last, and a bug that takes another order of the first few operations is found last.
// So some executions are leases of an exploration tree (exploration_tree.h), of one execution each, that branch off
// anywhere and go on as samplers do; between them come those of the depth-first order. What is left then is explored
// depth first. Every class is explored exactly once all the same.
//
// What branches off early costs the rest of the search some time, so that it is worth it where that is long: by default
// (Order::Mixed) the search begins depth first, and most are over before the first execution that is unlike the others.
//
// What an execution does is a function of its number and of what has been explored, so that a search whose tree was kept
// goes on as if nothing had happened.
//
// Not thread-safe.
#pragma once
#include "checker/explore/dpor.h"
#include "checker/explore/exploration_tree.h"
#include "checker/explore/pos.h"
#include "checker/explore/random_walk.h"
#include "checker/explore/sticky_walk.h"

namespace raddle::explore {

/// When the executions unlike each other come.
enum class Order : std::uint8_t {
  Mixed,       // behind the first thousand
  DepthFirst,  // never
  Diverse,     // at once
};

class DiverseSearch : public engine::Strategy, private Elsewhere {
 public:
  struct Options {
    Dpor::Options dpor;
    std::uint64_t depth_first = 0;      // executions in depth-first order before them
    std::uint64_t executions = 128;     // that are unlike each other, at most
    std::size_t most_nodes = 1u << 16;  // that the tree may have then

    static Options of(Order order, Dpor::Options dpor = {});
  };

  DiverseSearch(Inspector& inspector, Options options);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine& e, engine::Tid current) override { return dpor_.pick(e, current); }
  void end(engine::Engine& e, engine::Outcome o) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override {
    return dpor_.unordered_access(e, o);
  }

  Dpor& dpor() { return dpor_; }
  const Dpor& dpor() const { return dpor_; }
  /// Has everything been explored?
  bool finished() const { return leased_ && root_ == 0 ? dpor_.finished() : tree_.finished(); }
  /// Executions that are still to come, at least.
  std::uint64_t pending() const;
  /// Nodes that are kept, besides what Dpor keeps.
  std::size_t size() const { return tree_.size(); }
  std::size_t peak() const { return peak_; }

  /// Is the execution that comes next to be unlike the others?
  bool is_early() const;

  // --- its state, between executions
  /// What is left. The search goes on with it, unless it is moved away.
  ExplorationTree& left();
  /// The same, as if the execution that has just ended in haste had not begun.
  ExplorationTree& left_without_latest();
  void go_on_with(ExplorationTree tree);

 private:
  std::uint64_t number() const;
  ExplorationTree::Part choose();
  void give_back();
  engine::Step insert(engine::Step at, Sequence v) override { return tree_.insert_above(root_, at, v); }

  Inspector& inspector_;
  Options options_;
  Dpor dpor_;
  ExplorationTree tree_;
  ExplorationTree::NodeId root_ = 0;
  Lease lease_;
  bool leased_ = false, single_ = false;
  std::uint64_t executed_ = 0;  // of the lease
  std::size_t peak_ = 0;
  Rng rng_;
  RandomWalk walk_;
  StickyWalk sticky_;
  Pos pos_;
};

}  // namespace raddle::explore
