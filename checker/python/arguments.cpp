#include "checker/python/arguments.h"

namespace raddle::python {

bool parse_seconds(PyObject* seconds, std::int64_t& nanoseconds) {
  _PyTime_t time = 0;
  if (_PyTime_FromSecondsObject(&time, seconds, _PyTime_ROUND_TIMEOUT) < 0) return false;
  nanoseconds = time;
  return true;
}

bool parse_wait(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, WaitArguments& wait) {
  PyObject* blocking = count > 0 ? arguments[0] : nullptr;
  PyObject* timeout = count > 1 ? arguments[1] : nullptr;
  if (count > 2) {
    PyErr_Format(PyExc_TypeError, "acquire() takes at most 2 arguments (%zd given)", count);
    return false;
  }
  for (Py_ssize_t i = 0; keywords && i < PyTuple_GET_SIZE(keywords); ++i) {
    PyObject* name = PyTuple_GET_ITEM(keywords, i);
    PyObject** target = nullptr;
    if (PyUnicode_CompareWithASCIIString(name, "blocking") == 0) target = &blocking;
    if (PyUnicode_CompareWithASCIIString(name, "timeout") == 0) target = &timeout;
    if (!target || *target) {
      PyErr_Format(PyExc_TypeError,
                   target ? "argument for acquire() given by name ('%U') and position"
                          : "'%U' is an invalid keyword argument for acquire()",
                   name);
      return false;
    }
    *target = arguments[count + i];
  }
  if (blocking && blocking != Py_True) {
    const long value = PyLong_AsLong(blocking);
    if (value == -1 && PyErr_Occurred()) return false;
    wait.blocking = value != 0;
  }
  constexpr std::int64_t unset = -1'000'000'000;
  std::int64_t time = unset;
  if (timeout && !parse_seconds(timeout, time)) return false;
  if (!wait.blocking && time != unset) {
    PyErr_SetString(PyExc_ValueError, "can't specify a timeout for a non-blocking call");
    return false;
  }
  if (time < 0 && time != unset) {
    PyErr_SetString(PyExc_ValueError, "timeout value must be a non-negative number");
    return false;
  }
  if (time != unset && time / 1000 > PY_TIMEOUT_MAX) {
    PyErr_SetString(PyExc_OverflowError, "timeout value is too large");
    return false;
  }
  if (!wait.blocking) time = 0;
  wait.timeout = time == unset ? -1 : time;
  return true;
}

}  // namespace raddle::python
