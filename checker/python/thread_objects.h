// threading.Thread, its hot part: making, starting and joining a thread, and what it does around run(). The standard
// library's code for it is Python and would take most of the time of a short execution.
//
// What a program can see is what it sees of the original: attributes, results, errors, tracebacks. Left out is what
// only the original's own bookkeeping needs (the limbo of threads that are being started, the set of dangling
// threads). A subclass that overrides a private step (_bootstrap, ...) gets the original's code.
#pragma once
#include "checker/python/runtime.h"

namespace raddle::python {

/// Puts our functions into threading. -1: an exception is set.
int prepare_thread_objects();

/// The main thread's Thread object for the execution that begins. -1: an exception is set.
int make_main_thread_object();

/// threading._shutdown: runs its exit functions and waits for the threads that are no daemons. -1: an exception is set.
int shut_down_threads();

/// The running thread is one that threading has started.
void note_started_thread();

/// What the library itself wants to know, no program has seen: a running thread's number, while one of these exists.
class IdentityAside {
 public:
  IdentityAside();
  ~IdentityAside();
  IdentityAside(const IdentityAside&) = delete;
  IdentityAside& operator=(const IdentityAside&) = delete;

 private:
  bool outer_;
};

/// Somebody asks which thread `id` is. -1: that tells threads apart which were taken to be alike; an exception is set.
int show_thread(engine::Tid id);

/// Forgets the threads of the execution before.
void reset_thread_objects();

}  // namespace raddle::python
