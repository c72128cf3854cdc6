#include "checker/python/instrument/site.h"

namespace raddle::python {
namespace {

void dealloc(PyObject* self) {
  Site& site = site_of(self);
  Py_XDECREF(site.name);
  Py_XDECREF(site.operands);
  Py_XDECREF(site.filename);
  Py_XDECREF(site.function);
  PyObject_Free(self);
}

PyMappingMethods mapping{};

PyTypeObject site_type = [] {
  PyTypeObject type{};
  type.ob_base = {PyObject_HEAD_INIT(nullptr) 0};
  type.tp_name = "raddle.Site";
  type.tp_basicsize = sizeof(SiteObject);
  type.tp_dealloc = dealloc;
  type.tp_flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION;
  type.tp_as_mapping = &mapping;
  return type;
}();

}  // namespace

PyObject* Site::operand_text(std::size_t from_top) const {
  if (!operands || from_top == 0 || from_top > static_cast<std::size_t>(PyTuple_GET_SIZE(operands))) {
    return nullptr;
  }
  PyObject* text = PyTuple_GET_ITEM(operands, PyTuple_GET_SIZE(operands) - static_cast<Py_ssize_t>(from_top));
  return text == Py_None ? nullptr : text;
}

int ready_site_type(objobjargproc hook) {
  mapping.mp_ass_subscript = hook;
  return PyType_Ready(&site_type);
}

Ref new_site(const Site& site) {
  SiteObject* object = PyObject_New(SiteObject, &site_type);
  if (!object) return {};
  new (&object->site) Site(site);
  Py_XINCREF(site.name);
  Py_XINCREF(site.operands);
  Py_XINCREF(site.filename);
  Py_XINCREF(site.function);
  return Ref::take(reinterpret_cast<PyObject*>(object));
}

bool is_site(PyObject* object) { return Py_IS_TYPE(object, &site_type); }

bool is_instrumented(PyObject* code) {
  PyObject* constants = reinterpret_cast<PyCodeObject*>(code)->co_consts;
  Py_ssize_t count = PyTuple_GET_SIZE(constants);
  return count > 0 && is_site(PyTuple_GET_ITEM(constants, count - 1));
}

CodeOwner owner_of(PyObject* code) {
  PyObject* constants = reinterpret_cast<PyCodeObject*>(code)->co_consts;
  return site_of(PyTuple_GET_ITEM(constants, PyTuple_GET_SIZE(constants) - 1)).owner;
}

bool is_users_code(PyObject* code) { return is_instrumented(code) && owner_of(code) == CodeOwner::program; }

}  // namespace raddle::python
