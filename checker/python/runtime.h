// What all parts of the front end share: the engine that runs, and the Python side of each model thread.
//
// There is one interpreter per process and one execution at a time; all of it happens on one OS thread. Every model
// thread has a PyThreadState of its own, so that a switch between fibers needs nothing but making the other one
// current (greenlets share one and have to save its fields).
#pragma once
#include <cstdint>

#include "checker/engine/engine.h"
#include "checker/python/fork_join.h"
#include "checker/python/instrument/reference.h"
#include "checker/python/internals.h"
#include "checker/python/random_streams.h"

namespace raddle::python {

struct Collected;  // see streams.cpp

/// The Python side of a model thread (engine::Thread::front_end). One per thread id, used again in each execution.
struct PythonThread {
  PyThreadState* state = nullptr;
  Ref function, arguments, keywords;  // what it runs
  PyObject* sentinel = nullptr;       // strong: the lock that Thread.join waits for
  PyObject* waiter = nullptr;  // what stands for it among a condition's waiters, while it is one of them
  ForkJoinClock clock;
  RandomStream random;
  std::uint64_t named = 0;    // objects that it has named in this execution
  std::uint64_t ident = 0;    // threading.get_ident()
  std::uint64_t entropy = 0;  // seeds that it has drawn
  std::uint32_t rounds = 0;   // how often it was at the head of a loop that is bounded
  std::uint64_t hidden_changes =
      0;                  // by itself, of what no operation shows: unseen writes, looks at the clock, ...
  int unseen = 0;         // accesses to invisible locations since its latest visible one
  int executors = 0;      // thread pools that it has made
  int threads_named = 0;  // default names that it has given to threads
  std::int32_t clock_step = 0;  // event count at its latest look at a clock
  int clock_reads = 0;          // looks at a clock since that event
  std::int64_t worked = 0;      // ns of processor time
  Collected* printing[2] = {};  // what its print() to stdout or stderr has put together so far
  int atomic = 0;               // > 0: runs library code whose steps are not to be seen
  bool killed = false;          // is being torn down
  bool identity_aside = false;  // the library looks which thread it is (thread_objects.h)
  bool switchable = true;       // others may have run since its latest access (see PythonOptions::gil)
};

/// The state of the front end. `engine` is null outside of executions: then locks are plain flags and nothing is
/// visible.
struct Runtime {
  engine::Engine* engine = nullptr;
  PyInterpreterState* interpreter = nullptr;
  PyThreadState* host = nullptr;            // runs between executions
  PyThreadState** current_state = nullptr;  // the interpreter's own variable
  PyObject* killed = nullptr;               // exception class: unwinds a thread that is torn down
  bool gil = false;                         // PythonOptions::gil
  int library = 0;          // > 0: the library initialises itself; nothing counts or is visible
  bool once = false;        // one execution, for real
  bool looking = false;     // an invariant is being evaluated: what it reads is to be watched
  bool look_waits = false;  // ... and needs a lock that is held
  bool in_block = false;    // of `block_owner`: an atomic block has begun and not ended (atomic_blocks.h)
  engine::Tid block_owner = engine::kNoThread;
  bool fine = false;              // queues, events, semaphores and conditions run step by step
  std::uint32_t execution = 0;    // number of the execution, from 1; 0 before the first
  std::uint64_t states_made = 0;  // thread states of ours
  std::uint64_t host_named = 0;   // objects named outside of executions
};
inline Runtime runtime;

/// The Python side of the running model thread. Precondition: runtime.engine.
inline PythonThread& self() { return *static_cast<PythonThread*>(runtime.engine->self().front_end); }

/// Is model code running whose operations are to be seen? (Not in a thread that is C code's.)
inline bool controlled() {
  return runtime.engine && !runtime.library && !self().atomic && *runtime.current_state == self().state;
}

/// Makes `state` current.
inline void make_current(PyThreadState* state) {
  if (*runtime.current_state == state) return;
  *runtime.current_state = state;
  raddle_set_gil_state(state);
}

/// Sets the exception that unwinds a thread which is being torn down. Returns -1.
int raise_killed();

/// The running fiber is that of `thread`: its thread state and random numbers from now on.
inline void go_on(PythonThread& thread) {
  if (*runtime.current_state == thread.state) return;
  make_current(thread.state);
  switch_random(thread.random);
}

/// To be called when an engine call that may switch threads has returned: the fiber that goes on takes its own thread
/// state. Returns 0, or -1 with an exception set if the thread is being torn down.
inline int resumed() {
  go_on(self());
  self().switchable = true;
  return runtime.engine->killing() ? raise_killed() : 0;
}

/// Is the running thread in an atomic block?
inline bool in_block() { return runtime.in_block && runtime.block_owner == runtime.engine->self().id; }

/// Announces a visible operation and returns when it is to be executed. -1: an exception is set.
inline int visible(engine::OpKind kind, engine::Access a0, engine::Access a1, const engine::Site& site,
                   std::uint64_t value = 0, std::uint8_t memory = 0) {
  runtime.engine->visible(kind, a0, a1, site, value, memory);
  return resumed();
}

/// For a while, what the running thread does is one step: nothing in it is visible.
class AtomicSection {
 public:
  AtomicSection() : thread_(self()) { ++thread_.atomic; }
  ~AtomicSection() { --thread_.atomic; }
  AtomicSection(const AtomicSection&) = delete;
  AtomicSection& operator=(const AtomicSection&) = delete;

 private:
  PythonThread& thread_;
};

}  // namespace raddle::python
