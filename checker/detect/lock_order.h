// Lock-order cycles: threads that acquire locks while holding others, each in an order in which the threads could come
// to wait for one another, in an execution in which they did not. It is a prediction. Whether such a deadlock can really
// happen is found out by a directed search (explore/lock_order_search.h), or is known from the complete one.
//
// A *dependency* is a thread's acquisition of one lock while it holds others. A cycle is a sequence of dependencies of
// different threads, each of which acquires what the next one holds, and no two of which hold a lock in common: such a
// gate lock would keep the others out. A semaphore is a lock if it begins with one unit, and whoever takes that gives it
// back. (Goodlock: K. Havelund, "Using Runtime Analysis to Guide Model Checking of Java
// Programs", SPIN 2000; S. Bensalem and K. Havelund, "Dynamic Deadlock Analysis of Multi-threaded Programs", HVC 2005.)
#pragma once
#include <array>
#include <map>
#include <set>
#include <type_traits>
#include <vector>

#include "checker/detect/detector.h"

namespace raddle::detect {

class LockOrder : public Detector {
 public:
  /// Threads in a cycle, at most: as many as an observation has steps.
  static constexpr std::size_t kLongestCycle = std::extent_v<decltype(Observation::steps)>;

  std::uint64_t interests() const override;
  /// Observation::steps: the acquisitions, in the order of the cycle: each thread holds what the one before it acquires,
  /// and the first what the last acquires.
  void event(const engine::Engine&, const engine::History&, engine::Step, Sink&) override;
  bool keeps_events() const override { return true; }
  void rewind(engine::Step step) override;
  void save(engine::WireWriter& out, bool everything) override;
  void merge(engine::WireReader& in) override;
  bool is_worse(engine::WireReader& in) const override;
  void restart() override;
  /// A cycle through a semaphore that turns out to be none is a note.
  Severity severity(const Observation& o) const override;

 private:
  /// Locks held at once, at most; the outermost ones beyond that are not looked at.
  static constexpr std::size_t kMostHeld = 6;
  struct Held {
    std::array<engine::ObjectId, kMostHeld> locks{};
    std::size_t count = 0;
    bool contains(engine::ObjectId o) const;
    bool shares_with(const Held& other) const;
    void add(engine::ObjectId o);
  };
  struct Dependency {
    engine::Step step = 0;
    engine::Tid tid = 0;
    engine::ObjectId acquires = 0;
    Held held;
  };
  /// A semaphore after an event.
  struct Permit {
    engine::Tid holder = engine::kNoThread;
    bool like_a_lock = false;  // so far
  };
  void follow_semaphore(const engine::Engine& e, const engine::History& h, engine::Step at);
  bool is_held_by(const engine::Engine& e, const engine::History& h, engine::Tid t, engine::ObjectId o,
                  engine::Step at) const;
  Held held_before(const engine::Engine& e, const engine::History& h, engine::Step at) const;
  void extend(const engine::Engine& e, const engine::History& h, std::vector<const Dependency*>& path,
              Sink& sink);
  void report(const engine::Engine& e, const engine::History& h, const std::vector<const Dependency*>& cycle,
              Sink& sink);

  std::vector<Held> after_;      // by step, of those that this detector sees: held, if nothing was released
  std::vector<Permit> permits_;  // by step, of acquisitions and releases of semaphores
  std::vector<Dependency> dependencies_;  // of the current execution
  std::set<std::uint64_t> signals_;       // semaphores that were more than locks, in some execution
  std::map<std::uint64_t, std::set<std::uint64_t>> predictions_;  // by key: names of what is acquired
};

}  // namespace raddle::detect
