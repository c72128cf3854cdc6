#include "checker/python/instrument/access.h"

#include <string_view>
#include <utility>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

constexpr std::size_t max_key_text = 40;

/// While it lives, hooks are silent: a lookup may run a user's __eq__ when hashes collide.
class Silence {
 public:
  Silence() : sink_(std::exchange(hook_state.sink, nullptr)) {}
  ~Silence() { hook_state.sink = sink_; }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  AccessSink* sink_;
};

PyObject* look_up(PyObject* dict, PyObject* key) {
  Silence silence;
  return find_in(dict, key);
}

PyObject* peek_attribute(PyObject* object, PyObject* name) {
  if (PyType_Check(object)) return look_up(reinterpret_cast<PyTypeObject*>(object)->tp_dict, name);
  if (PyObject* value = instance_value(object, name)) return value;
  PyObject* descriptor = _PyType_Lookup(Py_TYPE(object), name);
  return descriptor ? slot_value(object, descriptor) : nullptr;
}

/// Borrowed; where the container holds no objects, until the next look.
PyObject* peek_index(PyObject* container, Py_ssize_t index) {
  static auto& made = *new Ref;
  if (PyList_Check(container))
    return index < PyList_GET_SIZE(container) ? PyList_GET_ITEM(container, index) : nullptr;
  PyTypeObject* type = Py_TYPE(container);
  // (In a subclass, the methods might be Python code.)
  const ContainerKind kind = type->tp_flags & Py_TPFLAGS_HEAPTYPE && type->tp_base != &PyBaseObject_Type
                                 ? ContainerKind::none
                                 : traits_of(type).kind;
  if (kind != ContainerKind::deque && kind != ContainerKind::array && kind != ContainerKind::byte_array)
    return nullptr;
  made = Ref::take(PySequence_GetItem(container, index));
  if (!made) PyErr_Clear();
  return made.get();
}

std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9u;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebu;
  x ^= x >> 31;
  return x ? x : 1;
}

std::string text_of(PyObject* string) {
  const char* text = PyUnicode_AsUTF8(string);
  if (!text) PyErr_Clear();
  return text ? text : "?";
}

/// Does repr() of it run no code but the interpreter's? A thread's asks whether it is alive, which is an operation.
bool has_builtin_repr(PyObject* key) {
  PyTypeObject* type = Py_TYPE(key);
  if (type == &PyTuple_Type) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(key); ++i)
      if (!has_builtin_repr(PyTuple_GET_ITEM(key, i))) return false;
    return true;
  }
  if (type == &PyFrozenSet_Type) {
    PyObject* item;
    Py_ssize_t position = 0;
    Py_hash_t hash;
    while (_PySet_NextEntry(key, &position, &item, &hash))
      if (!has_builtin_repr(item)) return false;
    return true;
  }
  return type == &PyUnicode_Type || type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type ||
         type == &PyBytes_Type || type == &PyComplex_Type || key == Py_None;
}

std::string key_text(PyObject* key) {
  Ref repr;
  if (has_builtin_repr(key)) repr = Ref::take(PyObject_Repr(key));
  if (!repr) {
    PyErr_Clear();
    return std::string("<") + Py_TYPE(key)->tp_name + ">";
  }
  std::string text = text_of(repr.get());
  if (text.size() > max_key_text) {
    text.resize(max_key_text);
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
    text += "...";
  }
  return text;
}

/// "(2)" for the entry of f(2) in the cache of f.
std::string call_text(PyObject* key) {
  std::string text = key_text(key);
  if (!PyTuple_CheckExact(key)) return '(' + text + ')';
  if (text.ends_with(",)")) text.erase(text.size() - 2, 1);
  return text;
}

/// What the program calls the container, or else what it is.
std::string owner_text(const Access& access, const Place& place) {
  if (place.function && PyFunction_Check(place.function))
    return text_of(reinterpret_cast<PyFunctionObject*>(place.function)->func_name);
  if (PyObject* operand = place.operand ? access.site->operand_text(place.operand) : nullptr) {
    std::string text = text_of(operand);
    if (!place.indirect || !text.ends_with("()")) return text;
    for (std::string_view view : {".keys()", ".values()", ".items()"}) {
      if (text.ends_with(view)) return text.substr(0, text.size() - view.size());
    }
  }
  bool is_class = PyType_Check(place.container);
  const char* name =
      (is_class ? reinterpret_cast<PyTypeObject*>(place.container) : Py_TYPE(place.container))->tp_name;
  std::string_view last = name;
  last = last.substr(last.rfind('.') + 1);
  return is_class ? std::string(last) : '<' + std::string(last) + '>';
}

}  // namespace

PyObject* peek(const Place& place) {
  switch (place.kind) {
    case PlaceKind::attribute: return peek_attribute(place.container, place.key);
    case PlaceKind::global:
    case PlaceKind::item:
      return PyDict_Check(place.container) ? look_up(place.container, place.key) : nullptr;
    case PlaceKind::index: return peek_index(place.container, place.index);
    case PlaceKind::cell: return PyCell_GET(place.container);
    case PlaceKind::life:
    case PlaceKind::whole: return nullptr;
  }
  return nullptr;
}

PyObject* peek(const Access& access) {
  if (access.place().kind == PlaceKind::attribute) {
    for (const Place& place : access.places.subspan(1)) {
      if (place.key != access.place().key) break;
      if (PyObject* value = peek(place)) return value;
    }
  }
  return peek(access.place());
}

std::uint64_t location_number(const Place& place) {
  switch (place.kind) {
    case PlaceKind::whole:
    case PlaceKind::life:
    case PlaceKind::cell: return 0;
    case PlaceKind::index: return mix(static_cast<std::uint64_t>(place.index) * 2 + 1);
    case PlaceKind::attribute:
    case PlaceKind::global:
    case PlaceKind::item: {
      Silence silence;
      Py_hash_t hash = PyObject_Hash(place.key);
      if (hash == -1) PyErr_Clear();
      constexpr std::uint64_t attribute_mark = 0x9e3779b97f4a7c15u;
      auto bits = static_cast<std::uint64_t>(hash);
      return mix(place.kind == PlaceKind::attribute ? bits ^ attribute_mark : bits);
    }
  }
  return 0;
}

std::string describe(const Access& access, std::size_t index) {
  const Place& place = access.places[index];
  switch (place.kind) {
    case PlaceKind::cell: return text_of(place.key);
    case PlaceKind::global:
      return place.operand ? owner_text(access, place) + '.' + text_of(place.key) : text_of(place.key);
    case PlaceKind::attribute: return owner_text(access, place) + '.' + text_of(place.key);
    case PlaceKind::item:
      if (place.function) return owner_text(access, place) + call_text(place.key);
      return owner_text(access, place) + '[' + key_text(place.key) + ']';
    case PlaceKind::index: return owner_text(access, place) + '[' + std::to_string(place.index) + ']';
    case PlaceKind::life:
    case PlaceKind::whole: return owner_text(access, place);
  }
  return {};
}

}  // namespace raddle::python
