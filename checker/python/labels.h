// What people call things. Only done while recording.
#pragma once
#include "checker/engine/operation.h"
#include "checker/python/instrument/access.h"

namespace raddle::python {

/// Tells the recorder what to call the object of the `place`th place of an access.
void describe_location(engine::ObjectId id, const Access& access, std::size_t place);

/// If the access stores a lock (or an object around one): it is called like the place where it is stored, unless it
/// has a name already.
void describe_lock(const Access& access);

/// Forgets the names of the execution before.
void reset_labels();

}  // namespace raddle::python
