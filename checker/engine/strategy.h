// The only interface between the engine and a search: which execution comes next, and which transition next in it.
// Everything a strategy may look at is in engine.h.
#pragma once
#include "checker/engine/operation.h"

namespace raddle::engine {

class Engine;

/// A transition by name: the thread, and the alternative of its pending operation.
struct Decision {
  Tid tid = kNoThread;  // kNoThread: this execution is over
  Alternative alt = 0;
};
inline constexpr Decision kStop{};

/// How an execution ended.
enum class Outcome : std::uint8_t {
  Complete,   // every thread has ended, or the process has exited
  Deadlock,   // threads are left and none of them can go on
  Stopped,    // the strategy ended it
  Truncated,  // the step limit ended it
  Aborted,    // the engine ended it: the model cannot be controlled any further (see Engine::abort_reason)
};

class Strategy {
 public:
  virtual ~Strategy() = default;

  /// Before each execution; may set a script (Engine::set_script). false ends the search.
  virtual bool begin(Engine& engine) = 0;

  /// Which transition is executed next. Called for every step behind the script. `current` is the running thread, or
  /// kNoThread if it just ended or blocked outside an operation. May name a launchable thread: it then runs to its
  /// next operation and pick is called again. kStop ends the execution.
  virtual Decision pick(Engine& engine, Tid current) = 0;

  /// After each execution, before leftover threads are torn down: their pending operations can still be seen.
  virtual void end(Engine&, Outcome) {}

  /// The engine has learnt that something it kept out of sight is observable (Engine::reveal): forget everything and
  /// start the search again.
  virtual void restart(Engine&) {}

  /// May `object`, which the running thread is about to destroy, have been accessed by an event that does not happen
  /// before this point? Strategies that keep no clocks say false.
  virtual bool unordered_access(const Engine&, ObjectId) const { return false; }
};

}  // namespace raddle::engine
