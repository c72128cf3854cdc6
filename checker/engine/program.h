// What the engine runs: the model as a front end presents it. One object per search; main() is executed again and
// again, each time from the same initial state.
#pragma once
#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

#include "checker/engine/ids.h"
#include "checker/engine/wire.h"

namespace raddle::engine {

class Engine;
struct Thread;

class Program {
 public:
  virtual ~Program() = default;

  /// On the host, before each execution: put everything the model can observe back to its initial state.
  virtual void begin(Engine&) {}
  /// The body of the main thread, on its fiber.
  virtual void main(Engine&) = 0;
  /// On the host, after leftover threads have been torn down.
  virtual void end(Engine&) {}

  /// On the host, for a thread that has started and not ended when its execution is over: get rid of its stack.
  /// May resume it (Engine::resume_for_teardown) or just drop it (Engine::drop).
  virtual void tear_down(Engine&, Thread&) = 0;

  /// On a fiber that is being torn down, at its suspended operation or at any further one that it attempts: leave, in
  /// the front end's way (throw, or Engine::end_thread_here), or return to let the operation report "torn down".
  virtual void killed(Engine&) = 0;

  /// On the host, when the code of `thread` has crashed (Engine::crash): where that was, as far as it is known. What is on
  /// the stacks of the execution's threads stays there, and none of them goes on or is torn down.
  virtual Site crashed(Engine&, Thread& thread);

  /// On a fiber, when the operation that it had announced is executed on an object that has been destroyed meanwhile:
  /// leave the thread, as for a failure. Does not return.
  virtual void used_after_destroy(Engine&, ObjectId) { std::abort(); }

  /// On the running thread's fiber, before an operation: a digest of all that decides what it does next, besides what its
  /// operations will return. Two equal ones: it would do the same again. 0: unknown.
  virtual std::uint64_t local_state(Engine&, Thread&) { return 0; }

  /// On the running thread's fiber, when it has executed an operation that writes a watched object (Engine::watch), and
  /// before anybody else goes on. Must not announce anything.
  virtual void watched_change(Engine&) {}

  /// What the front end has learnt from executions and everything that it shows depends on, as text; and to start from
  /// that instead.
  virtual std::string learnt() const { return {}; }
  virtual void set_learnt(std::string_view) {}

  /// What reports have to say of all executions, besides what detectors see; and that of executions in another process.
  virtual void save(WireWriter&) const {}
  virtual void merge(WireReader&) {}

  /// What the execution has written so far, where the front end captures it.
  virtual std::string_view output() const { return {}; }

  /// Stack size of the model's threads, in bytes.
  virtual std::size_t stack_size() const { return 256 * 1024; }
};

}  // namespace raddle::engine
