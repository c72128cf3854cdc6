#include "checker/python/user_code.h"

#include <vector>

namespace raddle::python {
namespace {

std::vector<PyObject*> user_modules;  // interned names

}  // namespace

bool is_user_type(PyTypeObject* type) {
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE) || !type->tp_dict) return false;
  static PyObject* key = PyUnicode_InternFromString("__module__");
  PyObject* module = PyDict_GetItemWithError(type->tp_dict, key);
  return module && is_user_module(module);
}

bool is_user_module(PyObject* module) {
  for (PyObject* name : user_modules)
    if (name == module) return true;
  return false;
}

void add_user_module(PyObject* name) {
  Py_INCREF(name);
  PyUnicode_InternInPlace(&name);
  for (PyObject* known : user_modules)
    if (known == name) return Py_DECREF(name);
  user_modules.push_back(name);
}

}  // namespace raddle::python
