// Python code of the standard library that works on what the program gives it, step by step: containers in Python, and
// functions that call what they are given.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Instruments a function in place, for good, if it is one of those (and not instrumented yet). Its accesses count
/// where the program has called it, and belong to the program's line.
void open_library(PyObject* function);

/// The same for the functions that are called by the library rather than by the program: what a thread or a task of a
/// pool runs is called there. Returns -1 with an exception set if there are none.
int open_entries();

}  // namespace raddle::python
