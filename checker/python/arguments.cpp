#include "checker/python/arguments.h"

#include <cmath>
#include <vector>

namespace raddle::python {

bool parse_seconds(PyObject* seconds, std::int64_t& nanoseconds) {
  _PyTime_t time = 0;
  if (_PyTime_FromSecondsObject(&time, seconds, _PyTime_ROUND_TIMEOUT) < 0) return false;
  nanoseconds = time;
  return true;
}

Seconds read_seconds(PyObject* seconds, std::int64_t& nanoseconds) {
  if (PyFloat_Check(seconds) && std::isnan(PyFloat_AS_DOUBLE(seconds))) return Seconds::NaN;
  if (!PyFloat_Check(seconds) && !PyLong_Check(seconds)) return Seconds::Odd;
  if (!parse_seconds(seconds, nanoseconds)) return PyErr_Clear(), Seconds::Odd;
  return nanoseconds / 1000 > PY_TIMEOUT_MAX ? Seconds::Odd : Seconds::Number;
}

bool parse_arguments(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords,
                     const char* const* names, PyObject** values, Py_ssize_t parameters) {
  if (count > parameters) {
    PyErr_SetString(PyExc_TypeError, "too many arguments");
    return false;
  }
  for (Py_ssize_t i = 0; i < count; ++i) values[i] = arguments[i];
  const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  for (Py_ssize_t k = 0; k < named; ++k) {
    Py_ssize_t i = count;
    while (i < parameters && PyUnicode_CompareWithASCIIString(PyTuple_GET_ITEM(keywords, k), names[i]) != 0)
      ++i;
    if (i == parameters) {
      PyErr_SetString(PyExc_TypeError, "unexpected keyword argument");
      return false;
    }
    values[i] = arguments[count + k];
  }
  return true;
}

bool parse_timeout(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, PyObject*& timeout) {
  static const char* const names[] = {"timeout"};
  return parse_arguments(arguments, count, keywords, names, &timeout, 1);
}

bool parse_blocking(PyObject* const* arguments, Py_ssize_t count, PyObject* keywords, PyObject*& blocking,
                    PyObject*& timeout) {
  static const char* const names[] = {"blocking", "timeout"};
  PyObject* values[] = {blocking, timeout};
  if (!parse_arguments(arguments, count, keywords, names, values, 2)) return false;
  blocking = values[0];
  timeout = values[1];
  return true;
}

PyObject* call_original(PyObject* original, PyObject* object, PyObject* const* arguments, Py_ssize_t count,
                        PyObject* keywords) {
  const Py_ssize_t named = keywords ? PyTuple_GET_SIZE(keywords) : 0;
  std::vector<PyObject*> all = {object};
  all.insert(all.end(), arguments, arguments + count + named);
  return PyObject_Vectorcall(original, all.data(), static_cast<std::size_t>(count + 1), keywords);
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
    if (!target) {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for acquire()", name);
      return false;
    }
    if (*target) {
      PyErr_Format(PyExc_TypeError, "argument for acquire() given by name ('%U') and position (%d)", name,
                   target == &blocking ? 1 : 2);
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
    PyErr_SetString(PyExc_ValueError, "timeout value must be positive");
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
