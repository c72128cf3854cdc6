// Replacing methods of the standard library's classes by C functions that know the originals.
#pragma once
#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// A class of a module, by name. Null with an exception set if there is none.
PyTypeObject* library_type(const char* module, const char* name);

/// A method that is replaced: `definition` takes its place, and `original` becomes what it was.
struct Patch {
  PyMethodDef definition;
  PyObject** original = nullptr;  // may be null
};

/// Replaces a method. -1: an exception is set.
int patch(PyTypeObject* type, Patch& patch);

/// Gives functions the documentation of those that they stand for: attributes of a module or type, in C as well.
void copy_documentation(PyMethodDef* functions, PyObject* owner);

/// The interpreter's string for an attribute name, kept for ever.
PyObject* interned_name(const char* text);

}  // namespace raddle::python
