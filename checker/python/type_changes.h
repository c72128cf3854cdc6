// Changes that a program makes to classes of the library (`queue.Queue.get = mine`), undone before the next execution.
#pragma once
#include <Python.h>

namespace raddle::python {

/// Watches the attributes of classes. Call before the interpreter starts.
void install_type_watch();

/// Undoes what has been changed since the latest call.
void undo_type_changes();

}  // namespace raddle::python
