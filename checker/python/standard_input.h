// sys.stdin: the same bytes in every execution, or the process's standard input where there is only one execution. Reading them is an access to shared state, since whoever reads first
// gets the first line.
#pragma once
#include <string>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// The stream for the execution that begins, borrowed; null with an exception set on failure.
PyObject* standard_input();

/// Is a thread waiting for the process's standard input? Any OS thread may ask.
bool is_reading_input();

}  // namespace raddle::python
