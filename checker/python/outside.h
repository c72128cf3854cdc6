// What threads share outside of the process: files, by their paths.
//
// Opening a file, asking whether it exists, removing it are accesses to the location that its path names, and so are the
// methods of the file objects that are made of it. As with variables, only what can race becomes an operation.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Functions for the module _raddle.
extern PyMethodDef outside_functions[];

/// Puts our open() in the place of CPython's. -1: an exception is set.
int prepare_files();

/// Has code in C run Python code in threads of its own since this was last asked?
bool foreign_threads_seen();

}  // namespace raddle::python
