// raddle.invariant: conditions that are to hold at every moment.
//
// What such a function reads is watched: each write of a watched location (of a watched lock, queue, ...) conflicts
// with each other one (Engine::watch), so that the search visits all orders of them, and all states that the function
// could see. It is called whenever one of them has been written, before any other thread goes on: on the writer's fiber,
// as part of the writer's step. Only what the latest call has read can change what the next one returns, so what is read
// for the first time can be watched from then on, in a search that starts again.
//
// The function may only look: an assignment to anything that it has not made itself, output, sleeping and starting
// threads are refused. It may acquire locks, and says nothing where one of them is held: then it is asked again when that
// is released, because a lock that it has looked at is watched.
#pragma once
#include "checker/python/instrument/access.h"
#include "checker/python/runtime.h"

namespace raddle::python {

/// From now on `function` is called at every moment at which its result may have changed, and right now. That it raises
/// an exception, or returns something that is false but not None, is a failure of the execution, once. -1: an exception is set.
int add_invariant(PyObject* function);

/// The running thread has written something that is watched. May end the execution (see resumed()).
void check_invariants();

/// To be called when the running thread's code is over. -1: it is being torn down.
int settle();

/// While an invariant is evaluated (Runtime::looking): what an instruction of it is about to do. -1: an exception is set.
int note_look(const Access& access);

/// The same for a look at what the lock protects.
int note_look(struct LockObject* lock);

/// If an invariant is being evaluated: it must not do what it is about to do ("waits"). -1: an exception is set.
int refuse_in_invariant(const char* what);

/// The same, or an atomic block.
int refuse_in_step(const char* what);

/// The execution is over. To be called where no code of the program can run.
void forget_invariants();

}  // namespace raddle::python
