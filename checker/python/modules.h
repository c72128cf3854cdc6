// The two built-in modules that are replaced before the interpreter starts, so that the standard library's own
// threading, queue, concurrent.futures and logging run on model threads and model time without a change.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// For the table of built-in modules: CPython's `_thread` and `time` with some of their contents replaced.
PyObject* make_thread_module();
PyObject* make_time_module();

/// Lets `make` (a PyInit function) make its module, and `change` be run on it as the last step.
PyObject* extend_module(PyObject* (*make)(), int (*change)(PyObject* module));

}  // namespace raddle::python
