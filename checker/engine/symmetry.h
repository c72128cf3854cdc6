// Symmetric threads: threads that do the same, with the same arguments, and that nothing tells apart. Exchanging two of
// them turns an execution into another one that differs in their names alone. With Engine::set_symmetry, threads that the
// front end has declared alike (Engine::alike) are kept *in step*, and what is left is one of each such set of executions:
//
//   As long as two of them, one started after the other, have done the same and have found the same, the next operation
//   of the later one comes after that of the earlier one (it waits for it as a join would). As soon as something is
//   between two such operations that is in conflict with both, they are told apart, and each goes its own way.
//
// Why nothing is missing: docs/algorithms.md, "Symmetric threads".
//
// Whether the threads are alike is checked as far as it can be seen: where they are joined, what they have learnt, which
// operations they come to. What shows a difference dissolves all groups (Hidden::SymmetricThreads).
//
// One object per engine, about one execution at a time. Not thread-safe.
#pragma once
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "checker/engine/object_table.h"
#include "checker/engine/thread.h"

namespace raddle::engine {

class Symmetry {
 public:
  enum class Turn : std::uint8_t { Go, Wait, Differs };

  /// A search begins.
  void clear();
  /// An execution begins: there are no groups.
  void begin();
  /// Have any threads been declared alike in this execution?
  bool any() const { return !groups_.empty(); }
  /// Is somebody kept in step?
  bool in_step() const { return in_step_ > 0; }

  /// `t`, which has just been started, is like `other`. False, and nothing happens, if it is not: something happened
  /// between their starts. Sets Thread::kin.
  bool add(const ObjectTable& objects, const Thread& other, Thread& t);
  /// `me` does something, by no operation, that only it can have done: it does not stay in step.
  void leave(Tid me);
  /// `me` has announced an operation. Sets Thread::turn where it says Go.
  Turn announce(Thread& me);
  /// The pending operation of `me` is about to become event `step`. Returns the thread whose turn it is then, or
  /// kNoThread.
  Tid executed(const ObjectTable& objects, const Thread& me, Alternative alt, Step step);

  /// `me` is about to wait for the end of `other`. false: that tells it from those that are like it.
  bool join(const Thread& me, const Thread& other);
  /// Has `me` joined some threads of a group, and others not yet?
  bool is_between_joins(const Thread& me) const;
  bool is_member(Tid t) const { return find(t) >= 0; }

  /// Does it wait for its turn, at an operation that it has announced?
  bool held(Tid t) const {
    const int m = find(t);
    return m >= 0 && members_[static_cast<std::size_t>(m)].waits;
  }
  /// Calls f(tid, tid of the one whose turn it is) for each that is held.
  template <class F>
  void for_each_held(F&& f) const {
    for (std::size_t i = 0; i < count_; ++i)
      if (const Member& m = members_[i]; m.waits) f(m.tid, members_[static_cast<std::size_t>(m.before)].tid);
  }
  /// Calls f(joiner, number of its events then) for each group of which some have been joined, and others not.
  template <class F>
  void for_each_partly_joined(F&& f) const {
    for (const Group& g : groups_)
      if (g.joined && g.joined < g.size) f(g.joiner, g.joined_at);
  }

  /// The groups of all executions of the search, by the names of their threads, in the order in which they were met.
  const std::vector<std::vector<std::uint64_t>>& met() const { return met_; }

 private:
  /// An event of a thread with which another one is still in step.
  struct Done {
    Step step = 0;
    Access a0 = 0, a1 = 0;
    Alternative alt = 0;
    OpKind kind = OpKind::None;
    std::int32_t line = 0, column = 0;
    std::uint64_t knew = 0;  // what its thread had learnt before
  };
  struct Member {
    Tid tid = kNoThread;
    int group = 0;
    int before = -1, after = -1;  // its neighbours in the group
    bool in_step = false;         // with the one before
    bool waits = false;
    std::vector<Done> done;
  };
  struct Group {
    int last = 0, size = 1;
    std::size_t met = 0;  // index in met_
    int joined = 0;       // or about to be
    Tid joiner = kNoThread;
    std::int32_t joined_at = 0;  // the joiner's number of events
  };
  struct Latest {  // accesses to an object
    Step read = kNever, add = kNever, write = kNever;
  };

  int find(Tid t) const {
    const auto i = static_cast<std::size_t>(t);
    return i < index_.size() ? index_[i] : -1;
  }
  int new_member(Tid t, int group);
  bool is_same(const Done& x, const Done& y) const;
  bool between(Access a, Step since) const;
  void note(const ObjectTable& objects, Access a, Step step);
  void part(Member& m);

  std::vector<Member> members_;  // the first count_
  std::size_t count_ = 0;
  std::vector<Group> groups_;
  std::vector<int> index_;  // of members, by thread; -1: none
  int in_step_ = 0;
  std::vector<Latest> latest_;  // by object, while somebody is in step
  std::vector<std::vector<std::uint64_t>> met_;
  std::unordered_map<std::uint64_t, std::size_t> met_index_;  // by the first thread's name
};

}  // namespace raddle::engine
