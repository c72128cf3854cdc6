#include "checker/python/dynamic_code.h"

#include <vector>

#include "checker/python/debugger.h"
#include "checker/python/instrument/instrument.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/runtime.h"
#include "checker/python/user_code.h"

namespace raddle::python {
namespace {

constexpr Py_ssize_t kMostKept = 1000;

PyObject *original_exec = nullptr, *original_eval = nullptr, *original_compile = nullptr;
PyObject* kept = nullptr;  // (text, mode, compiler flags, owner) -> instrumented code

PyCodeObject* calling_code() {
  const _PyInterpreterFrame* frame = current_frame();
  return frame ? frame->f_code : nullptr;
}

// Does the program execute the code, or the library on its behalf? False: it is none of the program's business.
bool find_owner(PyObject* globals, CodeOwner& owner) {
  PyCodeObject* caller = calling_code();
  owner = CodeOwner::program;
  if (!caller || is_users_code(reinterpret_cast<PyObject*>(caller))) return caller != nullptr;
  static PyObject* key = PyUnicode_InternFromString("__name__");
  PyObject* name = globals && PyDict_Check(globals) ? PyDict_GetItemWithError(globals, key) : nullptr;
  if (!name) PyErr_Clear();
  owner = CodeOwner::library;
  return name && PyUnicode_CheckExact(name) && is_user_module(name);
}

// The code object to be executed in place of `source`.
Ref instrumented(PyObject* source, const char* mode, CodeOwner owner) {
  const Options options{.owner = owner};
  if (PyCode_Check(source)) return Ref::take(instrument(source, options));
  Ref text = Ref::share(source);
  const int flags = calling_code()->co_flags & PyCF_MASK;
  Ref key;
  if (PyUnicode_CheckExact(source)) {
    key = Ref::take(Py_BuildValue("(Osii)", source, mode, flags, static_cast<int>(owner)));
    if (!key) return {};
    if (PyObject* known = PyDict_GetItemWithError(kept, key.get())) return Ref::share(known);
    if (PyErr_Occurred()) return {};
    // As eval() does, whose text may be indented.
    if (*mode == 'e' && mode[1] == 'v') text = Ref::take(PyObject_CallMethod(source, "lstrip", "s", " \t"));
  }
  Ref code =
      text ? Ref::take(PyObject_CallFunction(original_compile, "Oss", text.get(), "<string>", mode)) : Ref();
  Ref result = code ? Ref::take(instrument(code.get(), options)) : Ref();
  if (!result || !key) return result;
  if (PyDict_GET_SIZE(kept) >= kMostKept) PyDict_Clear(kept);
  if (PyDict_SetItem(kept, key.get(), result.get()) < 0) return {};
  return result;
}

PyObject* call(PyObject* original, const char* mode, PyObject* const* arguments, Py_ssize_t count,
               PyObject* keywords) {
  CodeOwner owner = CodeOwner::program;
  const bool readable = count > 0 && (PyCode_Check(arguments[0]) || PyUnicode_Check(arguments[0]) ||
                                      PyBytes_Check(arguments[0]));
  if (!readable || !runtime.engine || is_debugging() ||
      !find_owner(count > 1 ? arguments[1] : nullptr, owner))
    return PyObject_Vectorcall(original, arguments, static_cast<std::size_t>(count), keywords);
  Ref code = instrumented(arguments[0], mode, owner);
  if (!code) return nullptr;
  const Py_ssize_t all = count + (keywords ? PyTuple_GET_SIZE(keywords) : 0);
  std::vector<PyObject*> changed(arguments, arguments + all);
  changed[0] = code.get();
  return PyObject_Vectorcall(original, changed.data(), static_cast<std::size_t>(count), keywords);
}

PyObject* execute(PyObject*, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return call(original_exec, "exec", arguments, count, keywords);
}

PyObject* evaluate(PyObject*, PyObject* const* arguments, Py_ssize_t count, PyObject* keywords) {
  return call(original_eval, "eval", arguments, count, keywords);
}

PyMethodDef exec_method = {"exec", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(execute)),
                           METH_FASTCALL | METH_KEYWORDS, nullptr};
PyMethodDef eval_method = {"eval", reinterpret_cast<PyCFunction>(reinterpret_cast<void (*)()>(evaluate)),
                           METH_FASTCALL | METH_KEYWORDS, nullptr};

// Takes the place of a function, whose documentation it keeps.
int replace(PyObject* module, PyMethodDef& definition, PyObject*& original) {
  original = PyObject_GetAttrString(module, definition.ml_name);
  if (!original) return -1;
  definition.ml_doc = reinterpret_cast<PyCFunctionObject*>(original)->m_ml->ml_doc;
  Ref name = Ref::take(PyUnicode_InternFromString("builtins"));
  Ref function = name ? Ref::take(PyCFunction_NewEx(&definition, module, name.get())) : Ref();
  return function ? PyObject_SetAttrString(module, definition.ml_name, function.get()) : -1;
}

}  // namespace

int prepare_dynamic_code() {
  Ref builtins = Ref::take(PyImport_ImportModule("builtins"));
  if (!builtins || !(kept = PyDict_New())) return -1;
  original_compile = PyObject_GetAttrString(builtins.get(), "compile");
  if (!original_compile) return -1;
  return replace(builtins.get(), exec_method, original_exec) < 0 ||
                 replace(builtins.get(), eval_method, original_eval) < 0
             ? -1
             : 0;
}

}  // namespace raddle::python
