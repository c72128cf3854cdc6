#include "checker/python/failure.h"

#include <cstring>
#include <string>

#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/misuse.h"
#include "checker/python/object_names.h"
#include "checker/python/sites.h"

namespace raddle::python {
namespace {

std::string to_string(PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = text ? PyUnicode_AsUTF8AndSize(text, &size) : nullptr;
  if (data) return {data, static_cast<std::size_t>(size)};
  PyErr_Clear();
  // Lone surrogates, as in names of files that are no UTF-8.
  Ref escaped = Ref::take(text ? PyUnicode_AsEncodedString(text, "utf-8", "backslashreplace") : nullptr);
  if (!escaped) return PyErr_Clear(), std::string();
  return {PyBytes_AS_STRING(escaped.get()), static_cast<std::size_t>(PyBytes_GET_SIZE(escaped.get()))};
}

// str(value); what it runs is not to be seen, nor what goes wrong in it.
std::string message_of(PyObject* value) {
  AtomicSection atomic;
  Ref text = Ref::take(PyObject_Str(value));
  if (!text) PyErr_Clear();
  return to_string(text.get());
}

std::string type_of(PyObject* value) {
  const char* name = Py_TYPE(value)->tp_name;
  const char* dot = std::strrchr(name, '.');
  return dot ? dot + 1 : name;
}

// The traceback as Python prints it.
std::string traceback_text(PyObject* value) {
  AtomicSection atomic;
  NamesAside names;
  Ref module = Ref::take(PyImport_ImportModule("traceback"));
  Ref lines = module ? Ref::take(PyObject_CallMethod(module.get(), "format_exception", "O", value)) : Ref();
  if (!lines || !PyList_Check(lines.get())) return PyErr_Clear(), std::string();
  std::string text;
  for (Py_ssize_t i = 0; i < PyList_GET_SIZE(lines.get()); ++i) {
    const std::string entry = to_string(PyList_GET_ITEM(lines.get(), i));
    if (!entry.starts_with("  File \"<raddle>")) text += entry;  // ours, around a test
  }
  return text;
}

}  // namespace

engine::Site raise_site(PyObject* traceback) {
  engine::Site innermost, users;
  for (auto* entry = reinterpret_cast<PyTracebackObject*>(traceback); entry; entry = entry->tb_next) {
    PyCodeObject* code = PyFrame_GetCode(entry->tb_frame);
    innermost = site_of(code, entry->tb_lasti / static_cast<int>(sizeof(_Py_CODEUNIT)));
    if (is_users_code(reinterpret_cast<PyObject*>(code))) users = innermost;
    Py_DECREF(code);
  }
  return users.known() ? users : innermost;
}

std::string exception_text(PyObject* value) {
  const std::string message = message_of(value);
  return message.empty() ? type_of(value) : type_of(value) + ": " + message;
}

engine::Failure failure_of(PyObject* value) {
  Ref traceback = Ref::take(PyException_GetTraceback(value));
  engine::Failure failure;
  failure.kind = PyErr_GivenExceptionMatches(value, PyExc_AssertionError) ? engine::Failure::Kind::Assertion
                                                                          : engine::Failure::Kind::Exception;
  failure.type = type_of(value);
  failure.message = message_of(value);
  failure.site = raise_site(traceback.get());
  if (runtime.engine->recorder()) failure.detail = traceback_text(value);
  return failure;
}

void report_exception(PyObject* value) {
  if (!runtime.engine || runtime.engine->killing() ||
      PyObject_TypeCheck(value, (PyTypeObject*)PyExc_SystemExit))
    return;
  take_back_misuse(value);
  runtime.engine->fail(failure_of(value));
}

engine::Failure swallowed_failure(PyObject* value) {
  engine::Failure failure = failure_of(value);
  failure.tid = runtime.engine->self().id;
  failure.swallowed = true;
  return failure;
}

void report_raised_exception() {
  const Ref raised = take_raised();
  report_exception(raised.get());
  raise_again(raised);
}

void report_thread_exception(PyObject* function) {
  if (self().killed || PyErr_ExceptionMatches(PyExc_SystemExit)) return PyErr_Clear();
  report_raised_exception();
  _PyErr_WriteUnraisableMsg("in thread started by", function);
}

void report_exit_status(int status, const engine::Site& site) {
  if (status == 0) return;
  engine::Failure failure;
  failure.kind = engine::Failure::Kind::ExitStatus;
  failure.type = "SystemExit";
  failure.message = std::to_string(status);
  failure.site = site;
  runtime.engine->fail(std::move(failure));
}

}  // namespace raddle::python
