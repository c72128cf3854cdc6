// Bounded search: every schedule with at most so many preemptions, or delays (switch_cost.h), up to the order of
// independent events.
//
// After M. Musuvathi, S. Qadeer, "Iterative Context Bounding for Systematic Testing of Multithreaded Programs", PLDI
// 2007 (algorithm 1), made exact and cheap by happens-before caching (section 4.3 there): what a schedule can still
// cost depends only on the class of what was executed, and on who was running. That is a *state*; a state that has
// been reached is not explored again. Names against the paper's:
//
//   workQueue            buckets_[cost_]         what is to be explored at the present cost
//   nextWorkQueue        buckets_[cost_ + c]     what costs more (a delay may cost more than one)
//   currBound            cost_
//   table                states_                 states that have been reached, at the least cost
//
// All states of cost 0 are explored, then those of cost 1, and so on: whatever is found is found at the least cost
// that shows it, and when a cost is finished, nothing of less is missing. Not combined with the reductions, and must
// not be: branches that they leave out for others of the same class may be the cheap ones.
//
// States are 64-bit fingerprints. Two of n states share one with a probability of about n^2 / 2^65 (one in 370,000 for
// ten million), and what follows one of them would then be missing.
#pragma once
#include <vector>

#include "checker/explore/inspector.h"
#include "checker/explore/races.h"
#include "checker/explore/shared_states.h"
#include "checker/explore/switch_cost.h"

namespace raddle::explore {

class Bounded : public engine::Strategy {
 public:
  struct Options {
    BoundKind kind = BoundKind::Preemptions;
    int bound = -1;  // -1: none, until everything has been explored
  };
  /// What was known when a cost was finished.
  struct Level {
    std::uint64_t executions = 0, classes = 0;
  };

  Bounded(Inspector& inspector, Options options);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine&, engine::ObjectId) const override;

  /// By cost, those that are finished.
  const std::vector<Level>& levels() const { return levels_; }
  /// Of the current execution so far.
  int cost() const { return cost_; }
  /// Has anything been left out because it costs more than the bound? When the search has ended.
  bool left_out() const;
  /// States reached, and bytes of all that is kept for them.
  std::size_t states() const { return entered_; }
  std::size_t bytes() const;

  // --- for searches in several processes, and such as are kept (bounded_lease.cpp). Between executions.
  /// What is to be explored, of one cost or of several, and the ways there. `nodes`: of the ways, as the sender numbers
  /// them.
  struct Batch {
    std::vector<std::uint32_t> nodes;
    std::string bytes;
  };
  /// All states are kept there from now on; null: here.
  void share(SharedStates* states);
  /// How many branches of the present cost are pending.
  std::size_t pending() const {
    return buckets_.empty() ? 0 : buckets_[static_cast<std::size_t>(cost_)].size();
  }
  /// The last `n` of these, which are somebody else's business from now on.
  Batch lend(const engine::Engine& e, std::size_t n);
  /// They are pending again.
  void take_back(engine::Engine& e, const Batch& lent);
  /// Explores nothing but the branches of a batch, up to some number of new states.
  void take(engine::Engine& e, const Batch& lent, std::size_t most_states);
  bool has_room() const { return entered_ < most_states_; }
  /// What is left of them, and what was found beyond their cost; `undo`: as before the latest execution.
  std::string give_back(const engine::Engine& e, bool undo);
  /// What has become of a batch that was lent. How many states are new?
  std::size_t take_back(engine::Engine& e, const Batch& lent, engine::WireReader& in);
  /// Takes out the states of executions that were undone. Nobody may explore anything meanwhile.
  void erase_undone();
  /// Nothing of the present cost is left anywhere. Is there more to explore, at a higher one?
  bool next_cost();
  /// Everything; `undo`: as before the latest execution. And to go on with that. Throws engine::WireError.
  void save(engine::WireWriter& out, const engine::Engine& e, bool undo) const;
  void restore(engine::WireReader& in, engine::Engine& e);

 protected:
  Inspector& inspector() { return inspector_; }
  /// Derived searches look at a part of all schedules: may `d` come next?
  virtual bool allows(const engine::Engine&, engine::Decision) { return true; }
  /// May another execution begin?
  virtual bool may_continue() { return inspector_.may_continue(); }

 private:
  using Node = std::uint32_t;
  /// A decision; `wakes`: its alternative names a thread (NotifyOne).
  struct Choice {
    std::uint16_t tid : 15 = 0, wakes : 1 = 0;
    engine::Alternative alt = 0;
  };
  struct Move {  // to a state, from that of its parent
    Node parent = 0;
    Choice choice;
  };
  struct Branch {  // a transition to be explored, if its state has not been reached meanwhile
    std::uint64_t state = 0;
    Node from = 0;
    Choice choice;
  };
  class Codec;
  struct Candidate {
    Branch branch;
    int cost = 0, rank = 0;
    engine::Step latest = engine::kNever;  // of its thread
  };
  struct Place {  // on the way to the current state
    Node node = 0;
    engine::Tid last = engine::kNoThread;  // who was running
  };

  bool enter(std::uint64_t state);
  bool is_known(std::uint64_t state) const;
  bool next_branch(Branch& b);
  bool next_pending(Branch& b);
  void finish_cost();
  std::vector<Branch>& bucket(int cost);
  static Choice choice_of(const engine::Engine& e, engine::Decision d);
  void follow(engine::Engine& e, const Branch& b);
  engine::Decision guided(engine::Engine& e);
  engine::Decision free(engine::Engine& e);
  bool collect(engine::Engine& e);
  engine::Decision commit(engine::Engine& e, engine::Decision d);
  std::uint64_t state_after(const engine::Engine& e, engine::Decision d) const;
  void forget_finished(Node from);

  Inspector& inspector_;
  const engine::History& history_;
  Options options_;
  Races races_;
  SwitchCost switches_;
  engine::FlatMap<engine::Nothing> states_;
  SharedStates* shared_ = nullptr;  // then they are there
  std::size_t entered_ = 0, most_states_ = SIZE_MAX;
  std::vector<std::vector<Branch>> buckets_;  // by cost; the present one is a stack
  std::vector<Move> moves_;                   // by node
  std::vector<Level> levels_;
  int cost_ = 0;
  Node cost_begin_ = 0;  // nodes from here on belong to the present cost
  bool started_ = false, leased_ = false;
  Node lent_ = 0;                      // leased_: nodes that the lender knows
  std::vector<std::uint64_t> beyond_;  // states that cost more than the bound; the first few of them

  std::vector<std::uint64_t> undone_;  // states that borrowers have entered, and want to be taken out

  // What the current execution has changed.
  std::vector<std::uint64_t> entered_now_;
  std::vector<std::size_t> sizes_before_;  // of the buckets
  Branch begun_with_;

  std::vector<Candidate> candidates_;

  // The current execution.
  std::vector<engine::Decision> schedule_;
  std::vector<Place> places_;   // one more than `schedule_` has decisions that have been taken
  std::uint64_t expected_ = 0;  // the state that the guided part leads to
};

}  // namespace raddle::explore
