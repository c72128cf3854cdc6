#include "checker/python/identities.h"

#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>

#include "checker/python/object_names.h"
#include "checker/python/runtime.h"

namespace raddle::python {
namespace {

struct Original {
  PyTypeObject* type;
  reprfunc repr;
};
// The base of all comes last.
Original originals[] = {
    {&PyFunction_Type, nullptr},    {&PyCFunction_Type, nullptr}, {&PyGen_Type, nullptr},
    {&PyCoro_Type, nullptr},        {&PyAsyncGen_Type, nullptr},  {&PyCell_Type, nullptr},
    {&PyCode_Type, nullptr},        {&PyFrame_Type, nullptr},     {&_PyMethodWrapper_Type, nullptr},
    {&_PyWeakref_RefType, nullptr}, {&PyBaseObject_Type, nullptr}};

// Equal values may share a number: nobody can tell them apart otherwise either.
std::uint64_t number_of(PyObject* object) {
  if (!is_plain(object)) return identity_of(object) >> 3;
  std::uint64_t type = 0;
  for (const char* c = Py_TYPE(object)->tp_name; *c; ++c)
    type = engine::mix(type + static_cast<unsigned char>(*c));
  return engine::mix(type ^ static_cast<std::uint64_t>(PyObject_Hash(object))) >> 3;
}

std::string hexadecimal(std::uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%012llx", static_cast<unsigned long long>(number));
  return text;
}

void replace(std::string& text, PyObject* object) {
  const std::string address = hexadecimal(reinterpret_cast<std::uintptr_t>(object));
  for (std::size_t at; (at = text.find(address)) != std::string::npos;)
    text.replace(at, address.size(), hexadecimal(number_of(object)));
}

PyObject* repr(PyObject* object) {
  reprfunc original = std::prev(std::end(originals))->repr;
  for (const Original& o : originals) {
    if (!PyType_IsSubtype(Py_TYPE(object), o.type)) continue;
    original = o.repr;
    break;
  }
  return without_address(original(object), object);
}

PyObject* id(PyObject*, PyObject* object) {
  if (!runtime.engine) return PyLong_FromVoidPtr(object);
  const std::uint64_t number = number_of(object);
  return show_identity(object) < 0 ? nullptr : PyLong_FromUnsignedLongLong(number);
}

PyMethodDef id_method = {"id", id, METH_O, "id($module, obj, /)\n--\n\nReturn the identity of an object."};

}  // namespace

void install_reprs() {
  for (Original& o : originals) {
    o.repr = o.type->tp_repr;
    o.type->tp_repr = repr;
  }
}

int prepare_identities() {
  Ref builtins = Ref::take(PyImport_ImportModule("builtins"));
  Ref name = Ref::take(PyUnicode_FromString("builtins"));
  Ref function = name ? Ref::take(PyCFunction_NewEx(&id_method, nullptr, name.get())) : Ref();
  return builtins && function ? PyObject_SetAttrString(builtins.get(), "id", function.get()) : -1;
}

PyObject* without_address(PyObject* text, PyObject* object) {
  Ref owned = Ref::take(text);
  if (!text || !runtime.engine) return owned.release();
  Py_ssize_t size = 0;
  const char* data = PyUnicode_AsUTF8AndSize(text, &size);
  if (!data) return PyErr_Clear(), owned.release();
  std::string changed(data, static_cast<std::size_t>(size));
  if (changed.find("0x") == std::string::npos) return owned.release();
  const std::string before = changed;
  replace(changed, object);
  if (changed != before && show_identity(object) < 0) return nullptr;
  if (PyWeakref_Check(object) && PyWeakref_GET_OBJECT(object) != Py_None)
    replace(changed, PyWeakref_GET_OBJECT(object));
  if (PyWeakref_Check(object) && changed != before && show_identity(PyWeakref_GET_OBJECT(object)) < 0)
    return nullptr;
  return PyUnicode_FromStringAndSize(changed.data(), static_cast<Py_ssize_t>(changed.size()));
}

}  // namespace raddle::python
