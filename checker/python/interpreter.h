// The embedded interpreter: one per process, never shut down.
#pragma once
#include <string>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Starts it if it does not run yet. It looks for modules where the user's python3 would (PYTHONPATH, VIRTUAL_ENV,
/// user site), but ignores all other settings of the environment. Throws engine::UserError if it cannot start.
void start_interpreter();

/// A module of ours that is written in Python (checker/python/lib), by file name without ".py". Borrowed.
PyObject* library_module(const std::string& name);

/// The exception that is set, as text with its traceback; clears it.
std::string take_error();

}  // namespace raddle::python
