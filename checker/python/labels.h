// What people call things. Only done while recording.
#pragma once
#include <string>

#include "checker/engine/operation.h"
#include "checker/python/containers.h"
#include "checker/python/instrument/access.h"
#include "checker/python/lock.h"

namespace raddle::python {

/// Tells the recorder what to call the object of a location that an access touches. One that stands for several
/// locations is called after all of them: the container whose items they are, or else each.
void describe_location(engine::ObjectId id, const Access& access, const Touched& touched);

/// What the access does with that object, if the object stands for more: "scores['bob']" of "scores".
std::string part_of_object(const Access& access, const Touched& touched);

/// If the access stores a lock, an object around one, or a container of such: they are called like the place where they
/// are stored, unless they have a name already.
void describe_lock(const Access& access);

/// A future is what a call of submit() at `site` gives for `function`. It is called so unless it gets a name by where it is
/// stored.
void describe_future(PyObject* future, PyObject* function, const engine::Site& site);

/// What the library itself uses, and no place of the program's names.
void describe_own(PyObject* primitive, const std::string& name);

/// A lock is about to be used. If it has no name so far, it is called like the local variable that it is in.
void describe_use(LockObject* lock);

/// Forgets the names of the execution before.
void reset_labels();

}  // namespace raddle::python
