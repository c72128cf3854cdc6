#include "checker/python/instrument/library_code.h"

#include <algorithm>
#include <string_view>

#include "checker/python/instrument/exception_aside.h"
#include "checker/python/instrument/hook_internal.h"
#include "checker/python/instrument/instrument.h"

namespace raddle::python {
namespace {

using std::string_view;

/// A module, and how the qualified names of the functions begin; empty: all of them.
struct Part {
  string_view module, names;
};
constexpr Part parts[] = {
    {"collections", ""},
    {"collections.abc", ""},
    {"_collections_abc", ""},
    {"copy", ""},
    {"heapq", ""},
    {"statistics", ""},
    {"weakref", "Weak"},
    {"weakref", "KeyedRef"},
    {"_weakrefset", ""},
    {"functools", "cached_property.__get__"},
    {"dataclasses", "asdict"},
    {"dataclasses", "_asdict_inner"},
    {"dataclasses", "astuple"},
    {"dataclasses", "_astuple_inner"},
    {"dataclasses", "replace"},
    {"random", "Random.shuffle"},
    {"random", "Random.choice"},
    {"random", "Random.sample"},
};

struct Entry {
  const char *module, *type, *method;
};
constexpr Entry entries[] = {{"threading", "Thread", "run"},
                             {"threading", "Timer", "run"},
                             {"concurrent.futures.thread", "_WorkItem", "run"},
                             {"concurrent.futures._base", "Future", "_invoke_callbacks"}};

string_view text_of(PyObject* string) {
  const char* text = string && PyUnicode_Check(string) ? PyUnicode_AsUTF8(string) : nullptr;
  if (!text) PyErr_Clear();
  return text ? text : "";
}

int instrument_in_place(PyObject* function, const Options& options) {
  Ref code = Ref::take(instrument(PyFunction_GET_CODE(function), options));
  return code ? PyObject_SetAttrString(function, "__code__", code.get()) : -1;
}

}  // namespace

void open_library(PyObject* object) {
  auto* function = reinterpret_cast<PyFunctionObject*>(object);
  if (is_instrumented(function->func_code)) return;
  string_view module = text_of(function->func_module), name = text_of(function->func_qualname);
  bool wanted = std::ranges::any_of(
      parts, [&](const Part& part) { return module == part.module && name.starts_with(part.names); });
  if (!wanted) return;
  ExceptionAside aside;
  instrument_in_place(object, {.owner = CodeOwner::library});
}

int open_entries() {
  for (const Entry& entry : entries) {
    Ref module = Ref::take(PyImport_ImportModule(entry.module));
    Ref type = module ? Ref::take(PyObject_GetAttrString(module.get(), entry.type)) : Ref();
    Ref function = type ? Ref::take(PyObject_GetAttrString(type.get(), entry.method)) : Ref();
    if (!function || !PyFunction_Check(function.get())) return -1;
    if (instrument_in_place(function.get(), {.forms = form::calls, .owner = CodeOwner::entry}) < 0) return -1;
  }
  return 0;
}

}  // namespace raddle::python
