// `time` on model time. What needs no clock (strptime, mktime, ...) stays CPython's.
#include <ctime>

#include "checker/python/arguments.h"
#include "checker/python/clock.h"
#include "checker/python/invariants.h"
#include "checker/python/modules.h"
#include "checker/python/patch.h"

extern "C" PyObject* PyInit_time(void);

namespace raddle::python {
namespace {

PyObject* seconds(std::int64_t nanoseconds) {
  return nanoseconds < 0 ? nullptr : PyFloat_FromDouble(static_cast<double>(nanoseconds) / 1e9);
}

PyObject* whole(std::int64_t nanoseconds) {
  return nanoseconds < 0 ? nullptr : PyLong_FromLongLong(nanoseconds);
}

PyObject* sleep(PyObject*, PyObject* duration) {
  std::int64_t nanoseconds = 0;
  if (!parse_seconds(duration, nanoseconds)) return nullptr;
  if (nanoseconds < 0) {
    PyErr_SetString(PyExc_ValueError, "sleep length must be non-negative");
    return nullptr;
  }
  if (refuse_in_step("sleeps") < 0 || sleep_for(nanoseconds) < 0) return nullptr;
  Py_RETURN_NONE;
}

PyObject* time_seconds(PyObject*, PyObject*) { return seconds(wall_time()); }
PyObject* time_whole(PyObject*, PyObject*) { return whole(wall_time()); }
PyObject* elapsed_seconds(PyObject*, PyObject*) { return seconds(elapsed()); }
PyObject* elapsed_whole(PyObject*, PyObject*) { return whole(elapsed()); }

PyObject* worked_seconds(PyObject*, PyObject*) { return seconds(time_worked()); }
PyObject* worked_whole(PyObject*, PyObject*) { return whole(time_worked()); }

PyObject *original_clock_gettime, *original_clock_gettime_ns;

// By number. The original says what is wrong with others.
PyObject* look_at_clock(PyObject* original, PyObject* arguments, PyObject* (*result)(std::int64_t)) {
  const bool one = PyTuple_GET_SIZE(arguments) == 1 && PyLong_Check(PyTuple_GET_ITEM(arguments, 0));
  const long clock = one ? PyLong_AsLong(PyTuple_GET_ITEM(arguments, 0)) : -1;
  if (PyErr_Occurred()) PyErr_Clear();
  switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI: return result(wall_time());
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME: return result(elapsed());
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID: return result(time_worked());
    default: return PyObject_Call(original, arguments, nullptr);
  }
}
PyObject* clock_seconds(PyObject*, PyObject* arguments) {
  return look_at_clock(original_clock_gettime, arguments, seconds);
}
PyObject* clock_whole(PyObject*, PyObject* arguments) {
  return look_at_clock(original_clock_gettime_ns, arguments, whole);
}

// Functions of a time which is now if none is given: the originals, called with the time filled in.
PyObject *original_localtime, *original_gmtime, *original_ctime, *original_asctime, *original_strftime;

PyObject* with_now(PyObject* original, PyObject* arguments, Py_ssize_t position) {
  if (PyTuple_GET_SIZE(arguments) > position && PyTuple_GET_ITEM(arguments, position) != Py_None)
    return PyObject_Call(original, arguments, nullptr);
  Ref now = Ref::take(time_seconds(nullptr, nullptr));
  return now ? PyObject_CallOneArg(original, now.get()) : nullptr;
}
PyObject* local_now() {
  Ref none = Ref::take(PyTuple_New(0));
  return none ? with_now(original_localtime, none.get(), 0) : nullptr;
}

PyObject* localtime(PyObject*, PyObject* arguments) { return with_now(original_localtime, arguments, 0); }
PyObject* gmtime(PyObject*, PyObject* arguments) { return with_now(original_gmtime, arguments, 0); }
PyObject* ctime(PyObject*, PyObject* arguments) { return with_now(original_ctime, arguments, 0); }

PyObject* asctime(PyObject*, PyObject* arguments) {
  if (PyTuple_GET_SIZE(arguments) > 0) return PyObject_Call(original_asctime, arguments, nullptr);
  Ref now = Ref::take(local_now());
  return now ? PyObject_CallOneArg(original_asctime, now.get()) : nullptr;
}

PyObject* strftime(PyObject*, PyObject* arguments) {
  if (PyTuple_GET_SIZE(arguments) != 1) return PyObject_Call(original_strftime, arguments, nullptr);
  Ref now = Ref::take(local_now());
  if (!now) return nullptr;
  return PyObject_CallFunctionObjArgs(original_strftime, PyTuple_GET_ITEM(arguments, 0), now.get(), nullptr);
}

PyMethodDef functions[] = {
    {"sleep", sleep, METH_O, nullptr},
    {"time", time_seconds, METH_NOARGS, nullptr},
    {"time_ns", time_whole, METH_NOARGS, nullptr},
    {"monotonic", elapsed_seconds, METH_NOARGS, nullptr},
    {"monotonic_ns", elapsed_whole, METH_NOARGS, nullptr},
    {"perf_counter", elapsed_seconds, METH_NOARGS, nullptr},
    {"perf_counter_ns", elapsed_whole, METH_NOARGS, nullptr},
    {"process_time", worked_seconds, METH_NOARGS, nullptr},
    {"process_time_ns", worked_whole, METH_NOARGS, nullptr},
    {"thread_time", worked_seconds, METH_NOARGS, nullptr},
    {"thread_time_ns", worked_whole, METH_NOARGS, nullptr},
    {"clock_gettime", clock_seconds, METH_VARARGS, nullptr},
    {"clock_gettime_ns", clock_whole, METH_VARARGS, nullptr},
    {"localtime", localtime, METH_VARARGS, nullptr},
    {"gmtime", gmtime, METH_VARARGS, nullptr},
    {"ctime", ctime, METH_VARARGS, nullptr},
    {"asctime", asctime, METH_VARARGS, nullptr},
    {"strftime", strftime, METH_VARARGS, nullptr},
    {nullptr, nullptr, 0, nullptr},
};

int change(PyObject* module) {
  const struct {
    const char* name;
    PyObject** original;
  } kept[] = {{"clock_gettime", &original_clock_gettime},
              {"clock_gettime_ns", &original_clock_gettime_ns},
              {"localtime", &original_localtime},
              {"gmtime", &original_gmtime},
              {"ctime", &original_ctime},
              {"asctime", &original_asctime},
              {"strftime", &original_strftime}};
  for (const auto& [name, original] : kept) {
    if (*original) continue;
    *original = PyObject_GetAttrString(module, name);
    if (!*original) return -1;
  }
  copy_documentation(functions, module);
  return PyModule_AddFunctions(module, functions);
}

}  // namespace

PyObject* make_time_module() { return extend_module(PyInit_time, change); }

}  // namespace raddle::python
