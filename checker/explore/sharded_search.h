// One of n parts of an exhaustive search that are explored without a word between them, on as many machines: every class
// belongs to exactly one.
//
// All shards begin alike. They execute the beginning of the whole search, so that what there is to be learnt is known; then
// they expand the exploration tree from its root, breadth first, by sleep sets alone (P. Godefroid, "Partial-Order Methods
// for the Verification of Concurrent Systems", 1996, section 5): every enabled transition that does not sleep becomes a
// child, in whose subtree its earlier siblings sleep until something depends on them. Of the leaves of that tree shard i
// takes each n-th one, and explores what is below by Source-DPOR. Races with an event above are no business of it: all that
// could be there instead is another leaf.
//
// Not Optimal-DPOR: it would lose classes below a node at which something sleeps that is not part of its own tree, since
// its wakeup sequences rely on everything asleep having been explored there.
#pragma once
#include <deque>
#include <memory>
#include <vector>

#include "checker/explore/dpor.h"
#include "checker/explore/shard.h"

namespace raddle::explore {

class ShardedSearch : public engine::Strategy {
 public:
  struct Options {
    Shard shard;
    std::uint64_t learning = 200;  // executions of the whole search, before
    std::size_t parts = 32;        // leaves for each shard, at least, if there are so many
    Limits limits;                 // as the inspector has them
  };
  /// `inspector` must outlive it.
  ShardedSearch(Inspector& inspector, Options options);

  bool begin(engine::Engine&) override;
  engine::Decision pick(engine::Engine&, engine::Tid current) override;
  void end(engine::Engine&, engine::Outcome) override;
  void restart(engine::Engine&) override;
  bool unordered_access(const engine::Engine& e, engine::ObjectId o) const override;

 private:
  /// A node of the expanded tree.
  struct Prefix {
    std::vector<engine::Transition> path;
    std::vector<std::vector<engine::Transition>> started;  // at each node of the path, before the one on it
    std::vector<engine::Transition> asleep;
  };
  enum class Phase : std::uint8_t { Learn, Expand, Explore };

  void begin_learning();
  bool begin_expanding(engine::Engine&);
  bool begin_exploring(engine::Engine&);
  engine::Decision look(engine::Engine&);
  void expand(const engine::Engine&);

  Inspector& inspector_;
  Options options_;
  Phase phase_ = Phase::Learn;
  Inspector scratch_;  // for what does not count
  std::unique_ptr<Dpor> learning_;
  std::uint64_t learnt_ = 0;  // executions
  std::deque<Prefix> inner_;  // nodes that are still to be expanded, from the root on
  std::vector<Prefix> leaves_;
  std::vector<engine::Decision> script_;
  std::vector<engine::Transition> enabled_;
  bool looked_ = false;
  Dpor dpor_;
  std::size_t next_ = 0;  // of leaves_
  bool leased_ = false;
};

}  // namespace raddle::explore
