// How one sampled execution after another chooses its transitions (see sampling.h for what they have in common).
#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/history.h"
#include "checker/explore/rng.h"
#include "checker/explore/thread_order.h"

namespace raddle::explore {

/// What the first run of a search looked like: the others take it as an estimate of theirs. That it is the first one,
/// and not all those before, keeps a run independent of which others have been executed.
struct Profile {
  struct Object {
    engine::ObjectId id = 0;
    std::vector<std::uint32_t> by_thread;  // events that touch it
  };

  engine::Step events = 0;
  std::vector<engine::Tid> threads;      // in the order of their names
  std::vector<std::uint32_t> by_thread;  // events
  std::vector<Object> shared;  // what several threads have touched, and one of them written: as first touched

  Profile(const engine::History& history, const ThreadOrder& order);
  Profile() = default;
};

/// How many events of thread `t` are known; 0: it is not in there.
inline std::uint32_t events_of(const std::vector<std::uint32_t>& by_thread, engine::Tid t) {
  return static_cast<std::size_t>(t) < by_thread.size() ? by_thread[static_cast<std::size_t>(t)] : 0;
}

class Sampler {
 public:
  /// Runs of a block may depend on those before them in it.
  static constexpr std::uint64_t kBlock = 256;

  virtual ~Sampler() = default;

  /// A block begins: whatever was learnt from executions is to be forgotten.
  virtual void begin_block() {}

  /// An execution begins. Everything random is to come from `rng`, here and below.
  virtual void begin(const Profile&, Rng&) {}

  /// The next transition: one of `enabled`, which is not empty, and ordered by the names of threads. What is chosen may
  /// depend on this order, never on ids of threads or objects: they are not the same in all processes.
  virtual engine::Decision choose(const engine::Engine& e, std::span<const engine::Decision> enabled,
                                  Rng& rng) = 0;

  /// Does the run that has begun depend on others? And may any?
  virtual bool learns() const { return false; }
  virtual bool may_learn() const { return learns(); }

  /// The execution has come to its end.
  virtual void end() {}
};

/// Do the two pending operations touch the same object, and one of them writes it?
inline bool conflict(const engine::Operation& a, const engine::Operation& b) {
  const auto same = [](engine::Access x, engine::Access y) {
    return engine::object_of(x) && engine::object_of(x) == engine::object_of(y) &&
           (engine::is_write(x) || engine::is_write(y));
  };
  return same(a.a0, b.a0) || same(a.a0, b.a1) || same(a.a1, b.a0) || same(a.a1, b.a1);
}

}  // namespace raddle::explore
