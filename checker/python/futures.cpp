#include "checker/python/futures.h"

#include <algorithm>
#include <vector>

#include "checker/python/arguments.h"
#include "checker/python/failure.h"
#include "checker/python/instrument/exception_aside.h"
#include "checker/python/labels.h"
#include "checker/python/misuse.h"
#include "checker/python/patch.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

PyObject *original_set_result, *original_set_exception, *original_result, *original_exception,
    *original_make_item;

/// A future with an exception that nobody has asked for. (An address belongs to one object per execution.)
struct Unread {
  const PyObject* future;
  engine::Failure failure;
};
std::vector<Unread> unread;

void now_read(const PyObject* future) {
  std::erase_if(unread, [&](const Unread& u) { return u.future == future; });
}

PyObject* set_result(PyObject* future, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return watch_misuse(call_original(original_set_result, future, arguments, count, keywords),
                      Misuse::SetTwice, future);
}

PyObject* set_exception(PyObject* future, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  static const char* const names[] = {"exception"};
  PyObject* exception = nullptr;
  if (!parse_arguments(arguments, count, keywords, names, &exception, 1) || !exception) {
    PyErr_Clear();
    return call_original(original_set_exception, future, arguments, count, keywords);
  }
  // Callbacks that it calls may ask already.
  if (controlled() && !self().killed && PyExceptionInstance_Check(exception))
    unread.push_back({future, swallowed_failure(exception)});
  PyObject* done = PyObject_CallFunctionObjArgs(original_set_exception, future, exception, nullptr);
  if (!done) now_read(future);
  return watch_misuse(done, Misuse::SetTwice, future);
}

// Getting it over with by an exception of its own (TimeoutError, CancelledError) is no reading.
PyObject* result(PyObject* future, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  PyObject* value = call_original(original_result, future, arguments, count, keywords);
  if (value || unread.empty()) return value;
  ExceptionAside raised;
  Ref stored = Ref::take(PyObject_GetAttrString(future, "_exception"));
  if (stored.get() == raised.value()) now_read(future);
  return nullptr;
}

// What a pool keeps for each call of submit(): (self, future, function, arguments, keywords).
PyObject* make_item(PyObject* item, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  if (controlled() && count >= 2) describe_future(arguments[0], arguments[1], current_site());
  return call_original(original_make_item, item, arguments, count, keywords);
}

Patch make_item_patch = {{"__init__", method(make_item), METH_FASTCALL | METH_KEYWORDS,
                          "__init__($self, future, fn, args, kwargs)\n--\n\n"},
                         &original_make_item};

PyObject* exception(PyObject* future, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  PyObject* value = call_original(original_exception, future, arguments, count, keywords);
  if (value) now_read(future);
  return value;
}

Patch patches[] = {
    {{"set_result", method(set_result), METH_FASTCALL | METH_KEYWORDS, "set_result($self, result)\n--\n\n"},
     &original_set_result},
    {{"set_exception", method(set_exception), METH_FASTCALL | METH_KEYWORDS,
      "set_exception($self, exception)\n--\n\n"},
     &original_set_exception},
    {{"result", method(result), METH_FASTCALL | METH_KEYWORDS, "result($self, timeout=None)\n--\n\n"},
     &original_result},
    {{"exception", method(exception), METH_FASTCALL | METH_KEYWORDS,
      "exception($self, timeout=None)\n--\n\n"},
     &original_exception},
};

}  // namespace

int prepare_futures() {
  PyTypeObject* future = library_type("concurrent.futures", "Future");
  PyTypeObject* item = library_type("concurrent.futures.thread", "_WorkItem");
  if (!future || !item || patch(item, make_item_patch) < 0) return -1;
  for (Patch& p : patches)
    if (patch(future, p) < 0) return -1;
  return 0;
}

void report_swallowed_exceptions() {
  for (Unread& u : unread) {
    take_back_misuse(u.failure);
    runtime.engine->fail(std::move(u.failure));
  }
  unread.clear();
}

void forget_futures() { unread.clear(); }

}  // namespace raddle::python
