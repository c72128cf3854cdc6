// What people call things. Only done while recording.
#pragma once
#include "checker/engine/operation.h"
#include "checker/python/instrument/access.h"
#include "checker/python/lock.h"

namespace raddle::python {

/// Tells the recorder what to call the object of the `place`th place of an access.
void describe_location(engine::ObjectId id, const Access& access, std::size_t place);

/// If the access stores a lock, an object around one, or a container of such: they are called like the place where they
/// are stored, unless they have a name already.
void describe_lock(const Access& access);

/// A lock is about to be used. If it has no name so far, it is called like the local variable that it is in.
void describe_use(LockObject* lock);

/// Forgets the names of the execution before.
void reset_labels();

}  // namespace raddle::python
