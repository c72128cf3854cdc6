#include "checker/python/patch.h"

#include <deque>
#include <string>

namespace raddle::python {

PyTypeObject* library_type(const char* module, const char* name) {
  Ref m = Ref::take(PyImport_ImportModule(module));
  return m ? reinterpret_cast<PyTypeObject*>(PyObject_GetAttrString(m.get(), name)) : nullptr;
}

int patch(PyTypeObject* type, Patch& patch) {
  auto* object = reinterpret_cast<PyObject*>(type);
  const char* name = patch.definition.ml_name;
  Ref original = Ref::take(PyObject_GetAttrString(object, name));
  Ref text = original ? Ref::take(PyObject_GetAttrString(original.get(), "__doc__")) : Ref();
  if (text && PyUnicode_Check(text.get())) {  // behind the signature
    static std::deque<std::string> kept;
    kept.push_back((patch.definition.ml_doc ? patch.definition.ml_doc : "") +
                   std::string(PyUnicode_AsUTF8(text.get())));
    patch.definition.ml_doc = kept.back().c_str();
  }
  Ref descriptor = Ref::take(PyDescr_NewMethod(type, &patch.definition));
  if (!original || !descriptor || PyObject_SetAttrString(object, name, descriptor.get()) < 0) return -1;
  if (patch.original) *patch.original = original.release();
  return 0;
}

void copy_documentation(PyMethodDef* functions, PyObject* owner) {
  for (PyMethodDef* f = functions; f->ml_name; ++f) {
    Ref original = Ref::take(PyObject_GetAttrString(owner, f->ml_name));
    if (!original) PyErr_Clear();
    if (!original || f->ml_doc) continue;
    if (PyCFunction_Check(original.get()))
      f->ml_doc = reinterpret_cast<PyCFunctionObject*>(original.get())->m_ml->ml_doc;
    else if (Py_IS_TYPE(original.get(), &PyMethodDescr_Type))
      f->ml_doc = reinterpret_cast<PyMethodDescrObject*>(original.get())->d_method->ml_doc;
  }
}

PyObject* interned_name(const char* text) { return PyUnicode_InternFromString(text); }

}  // namespace raddle::python
