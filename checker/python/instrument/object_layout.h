// Looks into CPython 3.11's objects where its API has no function, or one with side effects. The layouts are checked
// at start (check_layouts), so that another build fails loudly.
#pragma once
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <span>

extern "C" {
#include "internal/pycore_frame.h"
extern PyTypeObject _PyNamespace_Type;
}

namespace raddle::python {

/// The frame whose instruction runs now; null outside of Python code.
inline _PyInterpreterFrame* current_frame() { return _PyThreadState_UncheckedGet()->cframe->current_frame; }

/// Value of an instance's attribute in its dict or inline values (never the class), borrowed, or null. Unlike
/// _PyObject_GetDictPtr() this does not turn inline values into a dict.
PyObject* instance_value(PyObject* object, PyObject* interned_name);

/// Value in a slot (`__slots__`) that `descriptor` describes, borrowed, or null.
PyObject* slot_value(PyObject* object, PyObject* descriptor);

/// The list that a list iterator (forward or backward) walks over and its next index; null when it is exhausted.
PyObject* iterated_list(PyObject* iterator, Py_ssize_t& index);

/// The container that any other simple built-in iterator (dict, set, deque, array, bytearray, sequence, odict) walks
/// over; null when it is exhausted or of another type.
PyObject* iterated_container(PyObject* iterator);

/// The dict behind keys(), values(), items() and types.MappingProxyType; null for another type.
PyObject* viewed_dict(PyObject* view);

/// Is it a types.SimpleNamespace, which C code takes for the dict of its attributes?
inline bool is_namespace(PyObject* object) { return Py_TYPE(object) == &_PyNamespace_Type; }

/// The object whose memory a memoryview shows; null once it is released.
PyObject* memory_owner(PyObject* view);

/// The getter, setter or deleter of a property object (exact or subclass), borrowed; null without one.
enum class PropertyPart { getter, setter, deleter };
PyObject* property_part(PyObject* property, PropertyPart part);

/// What a suspended generator's frame holds: variables (any may be null), then its stack; empty when it runs or has
/// ended.
std::span<PyObject* const> generator_frame(PyObject* generator);

/// The descriptor and object of a bound slot method, like `[].__len__`.
struct BoundSlot {
  PyObject* descriptor;
  PyObject* self;
};
BoundSlot bound_slot(PyObject* method_wrapper);

/// Compares what the functions above find with what Python says. Returns -1 with RuntimeError set when this CPython
/// is laid out differently.
int check_layouts();

}  // namespace raddle::python
