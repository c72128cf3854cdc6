// Arguments of C functions that Python calls.
#pragma once
#include <cstdint>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// A function of any calling convention, as PyMethodDef wants it.
template <class F>
PyCFunction method(F* function) {
  return reinterpret_cast<PyCFunction>(reinterpret_cast<void*>(function));
}

/// Fills `values` (which hold the defaults) with the arguments of a call whose parameters have these names. false: an
/// exception is set.
bool parse_arguments(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords,
                     const char* const* names, PyObject** values, Py_ssize_t parameters);

/// `(timeout=None)`.
bool parse_timeout(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, PyObject*& timeout);

/// `(blocking=True, timeout=None)`.
bool parse_blocking(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, PyObject*& blocking,
                    PyObject*& timeout);

/// A method without parameters. With arguments, the original says what is wrong with that.
template <auto kBody, PyObject*& kOriginal>
PyObject* no_arguments(PyObject* object, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords);

/// Calls the function that a method of ours has replaced, with the same arguments.
PyObject* call_original(PyObject* original, PyObject* object, PyObject* const* arguments, Py_ssize_t count,
                        PyObject* keywords);

/// What `acquire(blocking=True, timeout=-1)` was called with.
struct WaitArguments {
  bool blocking = true;
  std::int64_t timeout = -1;  // ns; negative: none
};

/// Reads them, with CPython's checks. false: an exception is set.
bool parse_wait(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, WaitArguments& wait);

/// How long a method of the library is to wait.
enum class Seconds { Number, NaN, Odd };

/// A timeout as nanoseconds, if it is a number that locks accept as one. Odd: it is none, and the library's own code has
/// to say what comes of that. No exception is set.
Seconds read_seconds(PyObject* seconds, std::int64_t& nanoseconds);

/// Seconds, any number, to nanoseconds, rounded up as CPython does for timeouts. false: an exception is set.
bool parse_seconds(PyObject* seconds, std::int64_t& nanoseconds);

template <auto kBody, PyObject*& kOriginal>
PyObject* no_arguments(PyObject* object, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  if (count > 0 || keywords) return call_original(kOriginal, object, arguments, count, keywords);
  return kBody(object);
}

}  // namespace raddle::python
