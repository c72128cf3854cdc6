// Which code is the user's (instrumented, run afresh in each execution) and which is the library's.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Does `type` come from one of the user's modules?
bool is_user_type(PyTypeObject* type);

/// Is it the name of one of the user's modules?
bool is_user_module(PyObject* name);

/// The name of a module whose code is the user's, from now on.
void add_user_module(PyObject* name);

}  // namespace raddle::python
