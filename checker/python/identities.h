// What a program can see of addresses, as id() and in the default text of objects ("<C object at 0x...>"): numbers that
// are the same in all executions of one class, and on every machine.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// Replaces the reprs of the built-in types whose text has an address. Call before the interpreter starts.
void install_reprs();

/// Replaces id(). -1: an exception is set.
int prepare_identities();

/// `text`, in which the address of `object` is replaced. Takes `text`, which may be null, over.
PyObject* without_address(PyObject* text, PyObject* object);

}  // namespace raddle::python
