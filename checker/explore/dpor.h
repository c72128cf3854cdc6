// Exhaustive search by dynamic partial-order reduction: every Mazurkiewicz class of the model's executions, each
// exactly once (Optimal), or at least once (Source).
//
// Optimal is Optimal-DPOR with wakeup trees, after P. Abdulla, S. Aronis, B. Jonsson, K. Sagonas, "Source Sets: A
// Foundation for Optimal Dynamic Partial Order Reduction", JACM 64(4), 2017, Algorithm 2: races are detected at the
// end of each execution. It is generalised to blocking operations as races.h says. Names against the paper's:
//
//   E                     history_                       the execution
//   wut(E')               Node::pending                  wakeup tree at a node
//   sleep(E'), done       done_[done_begin..done_end)    sleeping transitions, then the branches explored here
//   p                     Transition                     (thread, alternative), not only a thread
//   notdep(e, E)          notdep in reverse()            the events behind e that do not happen after it
//   v = notdep(e,E).e'    v_                             the sequence that has to be explored instead
//   p in WI(v)            weak_initial()                 weak initials; I(v): initial()
//
// Source is Source-DPOR (section 4 there): for each race the sequence between the two events only, initials instead
// of weak initials, and a single transition is added as backtrack point. It may run into executions in which
// everything enabled sleeps; they are counted as blocked. It serves as an independent check of Optimal.
//
// Depth first: a finished subtree leaves one transition in its node, so that memory is what is pending.
//
// What makes it fast: the prefix of an execution is a script that the engine follows without asking; clocks and
// races of an event are computed once; and the verdict on a race is reconsidered only if an event has changed on
// which it depended (Race::decided). The last is exact: the tree is the same as with all races reconsidered.
//
// Invariants, asserted in debug builds:
//  (1) When the guided part of an execution (a wakeup sequence) ends, nothing sleeps. Hence free scheduling never
//      meets a sleeping transition, and no execution is sleep-set blocked.
//  (2) A guided transition is enabled when its turn comes, and has the footprint that it was inserted with.
//  (3) The total number of races is independent of scheduling choices (checked by tests).
#pragma once
#include <random>
#include <unordered_set>
#include <vector>

#include "checker/explore/inspector.h"
#include "checker/explore/lease.h"
#include "checker/explore/races.h"
#include "checker/explore/sampler.h"
#include "checker/explore/wakeup_tree.h"

namespace raddle::explore {

class Dpor : public engine::Strategy {
 public:
  struct Options {
    bool optimal = true;
    unsigned shuffle = 0;     // tests: random free scheduling with this seed
    bool rescan_all = false;  // tests: reconsider every race after every execution
    bool trim = true;         // end inserted sequences as soon as nothing sleeps any more
  };
  struct Counters {
    std::uint64_t races = 0, tested = 0, inserted = 0, replayed = 0;
    bool exhausted = false;
  };

  Dpor(Inspector& inspector, Options options);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine&, engine::ObjectId) const override;

  /// Behind the guided part `sampler` chooses, with `rng`, from the next execution on; none: as endless_loop.h wants it.
  void set_free_choice(Sampler* sampler, Rng* rng) { sampler_ = sampler, rng_ = rng; }

  // --- a part of an exploration tree (see lease.h)
  /// From the next execution on explores nothing but the lease. Source: what belongs outside is left out. Precondition:
  /// nothing is leased. What belongs outside goes to `elsewhere`, or if there is none to where `give_back` says.
  void take(const Lease& lease, Elsewhere* elsewhere = nullptr);
  /// Has the lease been explored?
  bool finished() const { return started_ && deepest_pending() < root_; }
  /// What has been explored since `take`, or since the beginning, and what is left; `begin` must not be called before
  /// the next `take`. Precondition: an execution has come to its end.
  LeaseResult give_back();
  /// As if the execution that has just ended as Outcome::Aborted had not begun. Precondition: it is not the first one
  /// since `take` or the beginning. Only `give_back` may follow.
  void undo();

  const Counters& counters() const { return counters_; }
  /// Executions that are still to come, at least.
  std::uint64_t pending() const;
  /// Pending branches at the peak, and bytes of all tables.
  std::uint64_t peak_branches() const { return tree_.peak(); }
  std::size_t bytes() const;

 private:
  struct Node {  // the state before the event of the same depth
    std::uint32_t done_begin = 0, done_end = 0;
    WakeupTree::Branch pending = WakeupTree::kNone;
  };
  using Item = SequenceItem;  // of a sequence to be inserted

  /// A decision on the next event; or on a thread to launch, or on nothing, and then `commits` is false.
  struct Choice {
    engine::Decision decision;
    bool commits = false;
  };
  Choice guided_choice(engine::Engine&, Node& node, WakeupTree::Branch& subtree);
  Choice free_choice(engine::Engine&, engine::Tid current);
  static engine::Tid latest_runnable(const engine::Engine& e);
  engine::Decision awake_choice(engine::Engine&, const Node&) const;
  engine::Decision random_choice(engine::Engine&);
  Choice sampled_choice(engine::Engine&);
  void commit(engine::Engine&, engine::Decision, WakeupTree::Branch subtree);
  void make_room();
  void detect_races(engine::Engine&, engine::Outcome);
  engine::Step reverse(const Reversal& r);
  engine::Step insert(engine::Step i, engine::Step place);
  void insert_initial(const Reversal& r);
  engine::Step deepest_pending() const;
  void catch_up(Node& node);
  void fold(engine::Step step);
  void add_started(engine::Step d, Forest& to) const;
  engine::Step give_away(engine::Step i, engine::Step place);
  bool asleep(const engine::Transition& t, const Node& node) const;
  void collect_notdep(const Reversal& r, engine::Step end);
  void wake(const engine::Transition& t);

  Inspector& inspector_;
  const engine::History& history_;
  Options options_;
  Counters counters_;
  Races races_;
  WakeupTree tree_;
  engine::Step branch_ = 0;   // events before this depth are replayed
  std::size_t capacity_ = 0;  // nodes_ and script_ have room for so many events
  std::vector<Node> nodes_;
  std::vector<engine::Decision> script_;
  std::vector<engine::Transition> done_;  // stack of all nodes' sleeping and explored transitions
  std::vector<Item> v_;                   // its first v_size_ elements
  int v_size_ = 0, v_capacity_ = 0;
  std::vector<engine::Transition> asleep_;
  std::minstd_rand random_;
  Sampler* sampler_ = nullptr;
  Rng* rng_ = nullptr;
  ThreadOrder order_;
  std::vector<engine::Decision> enabled_;
  bool started_ = false;
  bool undone_ = false;

  // A lease.
  struct Trees {
    WakeupTree::Branch first = WakeupTree::kNone, last = WakeupTree::kNone;
  };
  bool retain_ = false;
  Elsewhere* elsewhere_ = nullptr;
  engine::Step root_ = 0;                      // races with events before this depth are given away
  engine::Step catching_up_ = engine::kNever;  // up to this depth nodes have children from before
  std::vector<LeaseNode> way_;                 // to where the first execution branches off
  WakeupTree::Branch way_root_ = WakeupTree::kNone;
  WakeupTree explored_;          // what is retained
  std::vector<Trees> children_;  // of each node, finished since the lease was taken
  std::vector<Exported> exported_;
  std::unordered_set<std::uint64_t> given_away_;  // digests of what was exported
};

}  // namespace raddle::explore
