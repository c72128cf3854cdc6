// threading.Event, Semaphore, BoundedSemaphore, queue.Queue and its kin, SimpleQueue: each method is one operation
// with a guard, behind which the standard library's own code runs in one piece. That keeps its behaviour by
// construction, and interleavings of its insides out of the search.
//
// Where a program reaches inside (takes q.mutex, waits on q.not_empty, overrides _put), the object is run step by step
// instead, over its locks: the search starts again, with the object opened (see locations.h).
#pragma once
#include "checker/python/lock.h"

namespace raddle::python {

/// Puts our methods in front of the library's. -1: an exception is set.
int prepare_primitives();

/// If `object` is an event, semaphore, condition or queue of the library: the lock that stands for it, else null.
/// `kind` becomes its name for people.
LockObject* inner_lock(PyObject* object, const char*& kind);

/// Is `name` an attribute in which a primitive of the library keeps its state, so that whoever reads or writes it looks
/// at, or changes, what its methods do? Then the lock that stands for the primitive, else null.
LockObject* state_attribute(PyObject* object, PyObject* name);

/// The program is about to look at, or to change, what state_attribute() has found: those who wait, or could have, are
/// told by the state of the engine's object, which methods keep.
void set_inner_state(PyObject* object);

}  // namespace raddle::python
