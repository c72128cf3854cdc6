// The exception that is set: out of the way of code that must not see it, or as an object.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "checker/python/instrument/reference.h"

namespace raddle::python {

/// The exception that is set, with its traceback; from then on none is set. Null: there was none.
inline Ref take_raised() {
  PyObject *type, *value, *traceback;
  PyErr_Fetch(&type, &value, &traceback);
  PyErr_NormalizeException(&type, &value, &traceback);
  if (value && traceback) PyException_SetTraceback(value, traceback);
  Py_XDECREF(type), Py_XDECREF(traceback);
  return Ref::take(value);
}

/// Sets it again, as it was raised.
inline void raise_again(const Ref& raised) {
  if (!raised) return;
  PyErr_Restore(Py_NewRef(reinterpret_cast<PyObject*>(Py_TYPE(raised.get()))), Py_NewRef(raised.get()),
                PyException_GetTraceback(raised.get()));
}

/// While it exists no exception is set, at first; at its end the one from before is set again, and one that was set
/// meanwhile is gone. Without an exception it does nothing else.
class ExceptionAside {
 public:
  ExceptionAside() { PyErr_Fetch(&type_, &value_, &traceback_); }
  ~ExceptionAside() { PyErr_Restore(type_, value_, traceback_); }
  ExceptionAside(const ExceptionAside&) = delete;
  ExceptionAside& operator=(const ExceptionAside&) = delete;

  /// What is kept, as it was raised; null: nothing.
  PyObject* value() const { return value_; }

 private:
  PyObject *type_ = nullptr, *value_ = nullptr, *traceback_ = nullptr;
};

}  // namespace raddle::python
