// Keeps the exception that is set out of the way of code that must not see it.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

namespace raddle::python {

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
