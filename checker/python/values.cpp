#include "checker/python/values.h"

#include <string_view>

namespace raddle::python {
namespace {

constexpr std::size_t kLength = 80;
constexpr Py_ssize_t kItems = 6;
constexpr int kDepth = 3;

std::string_view last_part(const char* name) {
  std::string_view text = name;
  return text.substr(text.rfind('.') + 1);
}

void append_text(std::string& out, PyObject* text) {
  Py_ssize_t size = 0;
  const char* data = text ? PyUnicode_AsUTF8AndSize(text, &size) : nullptr;
  if (!data) return PyErr_Clear(), void(out += '?');
  out.append(data, static_cast<std::size_t>(size));
}

// repr() of built-in objects that contain no others.
void append_repr(std::string& out, PyObject* value) {
  Ref text = Ref::take(PyObject_Repr(value));
  append_text(out, text.get());
}

void append(std::string& out, PyObject* value, int depth);

void append_items(std::string& out, PyObject* const* items, Py_ssize_t count, int depth) {
  for (Py_ssize_t i = 0; i < count; ++i) {
    if (i) out += ", ";
    if (i == kItems || out.size() > kLength) return void(out += "...");
    append(out, items[i], depth + 1);
  }
}

void append_dict(std::string& out, PyObject* dict, int depth) {
  PyObject *key, *value;
  Py_ssize_t position = 0, i = 0;
  out += '{';
  while (PyDict_Next(dict, &position, &key, &value)) {
    if (i) out += ", ";
    if (i++ == kItems || out.size() > kLength) {
      out += "...";
      break;
    }
    append(out, key, depth + 1);
    out += ": ";
    append(out, value, depth + 1);
  }
  out += '}';
}

void append_set(std::string& out, PyObject* set, int depth) {
  PyObject* key;
  Py_ssize_t position = 0, i = 0;
  Py_hash_t hash;
  if (PySet_GET_SIZE(set) == 0) return void(out += "set()");
  out += '{';
  while (_PySet_NextEntry(set, &position, &key, &hash)) {
    if (i) out += ", ";
    if (i++ == kItems || out.size() > kLength) {
      out += "...";
      break;
    }
    append(out, key, depth + 1);
  }
  out += '}';
}

void append(std::string& out, PyObject* value, int depth) {
  PyTypeObject* type = Py_TYPE(value);
  if (type == &PyLong_Type && _PyLong_NumBits(value) > 300) return void(out += "<large int>");
  if (type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type || type == &PyComplex_Type ||
      type == &PyRange_Type || value == Py_None || value == Py_Ellipsis || value == Py_NotImplemented)
    return append_repr(out, value);
  if (type == &PyUnicode_Type) {
    if (PyUnicode_GET_LENGTH(value) <= static_cast<Py_ssize_t>(kLength)) return append_repr(out, value);
    Ref head = Ref::take(PyUnicode_Substring(value, 0, 40));
    if (!head) return PyErr_Clear(), void(out += "<str>");
    append_repr(out, head.get());
    return void(out += "...");
  }
  if (type == &PyBytes_Type && PyBytes_GET_SIZE(value) <= static_cast<Py_ssize_t>(kLength))
    return append_repr(out, value);
  const bool nested = depth < kDepth;
  if (type == &PyList_Type && nested) {
    out += '[';
    append_items(out, reinterpret_cast<PyListObject*>(value)->ob_item, PyList_GET_SIZE(value), depth);
    return void(out += ']');
  }
  if (type == &PyTuple_Type && nested) {
    out += '(';
    append_items(out, reinterpret_cast<PyTupleObject*>(value)->ob_item, PyTuple_GET_SIZE(value), depth);
    return void(out += PyTuple_GET_SIZE(value) == 1 ? ",)" : ")");
  }
  if (type == &PyDict_Type && nested) return append_dict(out, value, depth);
  if (type == &PySet_Type && nested) return append_set(out, value, depth);
  if (type == &PyFunction_Type) {
    append_text(out, reinterpret_cast<PyFunctionObject*>(value)->func_qualname);
    return void(out += "()");
  }
  out += '<';
  if (PyType_Check(value)) out += "class ";
  out += last_part(PyType_Check(value) ? reinterpret_cast<PyTypeObject*>(value)->tp_name : type->tp_name);
  out += '>';
}

}  // namespace

std::string show_value(PyObject* value) {
  std::string out;
  append(out, value, 0);
  return out;
}

}  // namespace raddle::python
