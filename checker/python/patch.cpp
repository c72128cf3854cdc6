#include "checker/python/patch.h"

namespace raddle::python {

PyTypeObject* library_type(const char* module, const char* name) {
  Ref m = Ref::take(PyImport_ImportModule(module));
  return m ? reinterpret_cast<PyTypeObject*>(PyObject_GetAttrString(m.get(), name)) : nullptr;
}

int patch(PyTypeObject* type, Patch& patch) {
  auto* object = reinterpret_cast<PyObject*>(type);
  const char* name = patch.definition.ml_name;
  Ref original = Ref::take(PyObject_GetAttrString(object, name));
  Ref descriptor = Ref::take(PyDescr_NewMethod(type, &patch.definition));
  if (!original || !descriptor || PyObject_SetAttrString(object, name, descriptor.get()) < 0) return -1;
  if (patch.original) *patch.original = original.release();
  return 0;
}

PyObject* interned_name(const char* text) { return PyUnicode_InternFromString(text); }

}  // namespace raddle::python
