#include "checker/python/object_names.h"

#include <unordered_set>
#include <utility>
#include <vector>

#include "checker/python/address_filter.h"
#include "checker/python/name_table.h"
#include "checker/python/runtime.h"
#include "checker/python/user_code.h"

namespace raddle::python {
namespace {

using engine::mix;

NameTable& table = *new NameTable;  // objects still die when the process ends
PyTypeObject* deque_type = nullptr;
PyTypeObject* partial_type = nullptr;
PyObject* dunder_module = nullptr;

constexpr std::uint64_t kHostNames = 0x7261646c65686f73ull;
constexpr int kTupleDepth = 8;
constexpr Py_ssize_t kTupleSize = 256;

// --- names that follow from what a thing is called

std::uint64_t hash_text(const char* text) {
  std::uint64_t h = 0xCBF29CE484222325ull;
  for (; *text; ++text) h = (h ^ static_cast<unsigned char>(*text)) * 0x100000001B3ull;
  return h;
}

std::uint64_t hash_string(PyObject* string) {
  return string && PyUnicode_CheckExact(string) ? static_cast<std::uint64_t>(PyObject_Hash(string)) : 0;
}

std::uint64_t called(std::uint64_t kind, std::uint64_t module, std::uint64_t name) {
  return mix(mix(kind * 0x9E3779B97F4A7C15ull + module) + name) | 1;
}

bool is_local(PyObject* qualified_name) {
  static PyObject* mark = PyUnicode_InternFromString("<locals>");
  return PyUnicode_Find(qualified_name, mark, 0, PyUnicode_GET_LENGTH(qualified_name), 1) >= 0;
}

std::uint64_t type_name(PyTypeObject* type) {
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return called(1, 0, hash_text(type->tp_name));
  auto* heap_type = reinterpret_cast<PyHeapTypeObject*>(type);
  if (is_local(heap_type->ht_qualname)) return 0;
  if (!dunder_module) dunder_module = PyUnicode_InternFromString("__module__");
  PyObject* module = type->tp_dict ? PyDict_GetItemWithError(type->tp_dict, dunder_module) : nullptr;
  return called(1, hash_string(module), hash_string(heap_type->ht_qualname));
}

std::uint64_t function_name(PyFunctionObject* function) {
  if (reinterpret_cast<PyCodeObject*>(function->func_code)->co_flags & CO_NESTED) return 0;
  return called(2, hash_string(function->func_module), hash_string(function->func_qualname));
}

// 0: the object has no name of its own.
std::uint64_t own_name(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyFunction_Type) return function_name(reinterpret_cast<PyFunctionObject*>(object));
  if (type == &PyModule_Type) {
    const char* name = PyModule_GetName(object);
    if (!name) PyErr_Clear();
    return called(3, 0, hash_text(name ? name : ""));
  }
  if (PyType_Check(object)) return type_name(reinterpret_cast<PyTypeObject*>(object));
  if (type == &PyCFunction_Type) {
    auto* function = reinterpret_cast<PyCFunctionObject*>(object);
    if (function->m_self && !PyModule_Check(function->m_self)) return 0;
    return called(4, hash_string(function->m_module), hash_text(function->m_ml->ml_name));
  }
  if (type == &PyWrapperDescr_Type || type == &PyMethodDescr_Type || type == &PyGetSetDescr_Type ||
      type == &PyMemberDescr_Type) {
    auto* descriptor = reinterpret_cast<PyDescrObject*>(object);
    return called(5, type_name(descriptor->d_type), hash_string(descriptor->d_name));
  }
  if (object == Py_None || object == Py_Ellipsis || object == Py_NotImplemented)
    return called(6, 0, hash_text(type->tp_name));
  return 0;
}

}  // namespace

// --- names by count

std::uint64_t next_name() {
  if (!runtime.engine || runtime.library) return mix(kHostNames + ++runtime.host_named) | 1;
  return mix(runtime.engine->self().name + 0x9E3779B97F4A7C15ull * ++self().named) | 1;
}

namespace {

std::uint32_t now() { return runtime.engine && !runtime.library ? runtime.execution : 0; }

bool is_current(const NameEntry& entry) {
  return entry.execution == runtime.execution || entry.execution == 0;
}

// The dict of a module is named like the module.
std::uint64_t module_dict_name(PyObject* dict) {
  static PyObject* key = PyUnicode_InternFromString("__name__");
  PyObject* name = PyDict_GetItemWithError(dict, key);
  if (!name || !PyUnicode_CheckExact(name)) return 0;
  PyObject* module = PyDict_GetItemWithError(PyImport_GetModuleDict(), name);
  if (!module || !PyModule_Check(module) || PyModule_GetDict(module) != dict) return 0;
  return called(7, 0, hash_string(name));
}

bool is_one_of_several() {
  return runtime.engine && !runtime.library && runtime.engine->symmetry().any() &&
         runtime.engine->symmetry().is_member(runtime.engine->self().id);
}

std::vector<std::pair<PyObject*, NameEntry>>* aside = nullptr;  // of a NamesAside: what was there before

NameEntry& entry_of(PyObject* object) {
  NameEntry& entry = table.insert(object);
  if (aside && (!entry.name || !is_current(entry))) [[unlikely]]
    aside->emplace_back(object, entry);
  if (!entry.name) {
    named_addresses.add(object);
    const std::uint64_t module = PyDict_CheckExact(object) ? module_dict_name(object) : 0;
    entry.name = module ? module : next_name();
    entry.execution = module ? 0 : now();
    entry.shows_maker = !module && is_one_of_several();
  } else if (!is_current(entry)) {
    // Named in an earlier execution: count as then. A hash that is in use must not change.
    const std::uint64_t name = next_name();
    if (!entry.hashed) entry.name = name;
    entry.execution = now();
    entry.shows_maker = !entry.hashed && is_one_of_several();
  }
  return entry;
}

bool is_named(PyObject* object) {
  if (!named_addresses.may_be(object)) return false;
  const NameEntry* entry = table.find(object);
  return entry && is_current(*entry);
}

// --- hashes

Py_hash_t fold(std::uint64_t name) {
  const auto hash = static_cast<Py_hash_t>(name >> 3);
  return hash == -1 ? -2 : hash;
}

Py_hash_t hash_object(PyObject* object) {
  if (const std::uint64_t name = own_name(object)) return fold(name);
  NameEntry& entry = entry_of(object);
  if (entry.shows_maker && show_identity(object) < 0) [[unlikely]]
    return -1;
  entry.hashed = true;
  return fold(entry.name);
}

Py_hash_t hash_method(PyObject* object) {
  auto* method = reinterpret_cast<PyMethodObject*>(object);
  const Py_hash_t function = PyObject_Hash(method->im_func);
  if (function == -1) return -1;
  const Py_hash_t self = hash_object(method->im_self);
  if (self == -1) return -1;
  return fold(mix(static_cast<std::uint64_t>(self) + static_cast<std::uint64_t>(function)));
}

Py_hash_t hash_builtin(PyObject* object) {
  if (const std::uint64_t name = own_name(object)) return fold(name);
  auto* function = reinterpret_cast<PyCFunctionObject*>(object);
  const Py_hash_t self = hash_object(function->m_self);
  if (self == -1) return -1;
  return fold(mix(static_cast<std::uint64_t>(self) + hash_text(function->m_ml->ml_name)));
}

// --- lists and dicts: their memory is kept for the next one instead of being freed, so watch how they die

destructor list_dealloc, dict_dealloc;

void dealloc_list(PyObject* list) {
  PyObject_GC_UnTrack(list);
  // The original does this only for objects whose type's tp_dealloc it is itself.
  Py_TRASHCAN_BEGIN(list, dealloc_list);
  if (named_addresses.may_be(list)) forget_name(list);
  list_dealloc(list);
  Py_TRASHCAN_END;
}

void dealloc_dict(PyObject* dict) {
  PyObject_GC_UnTrack(dict);
  Py_TRASHCAN_BEGIN(dict, dealloc_dict);
  if (named_addresses.may_be(dict)) forget_name(dict);
  dict_dealloc(dict);
  Py_TRASHCAN_END;
}

// --- what lies within a value

// Is it worth a name? (Plain values and things that have a name of their own are not.)
bool nameable(PyObject* object) { return !is_plain(object) && !own_name(object); }

// Do others who get hold of `object` get hold of what it refers to?
bool opens(PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  if (type == &PyList_Type || type == &PyDict_Type || type == &PySet_Type || type == &PyFrozenSet_Type ||
      type == &PyCell_Type || type == &PyMethod_Type || type == &PyGen_Type || type == deque_type ||
      type == partial_type)
    return true;
  return type->tp_traverse && (is_user_type(type) || PyList_Check(object) || PyDict_Check(object) ||
                               PyAnySet_Check(object) || PyTuple_Check(object));
}

std::vector<PyObject*> open_objects;
std::unordered_set<PyObject*> open_types;  // in this execution
std::uint32_t open_types_of = 0;

// What the library keeps in a class of the program (dataclasses do): nobody sees how it gets there.
void open_type(PyObject* type) {
  if (!runtime.engine || !is_user_type(reinterpret_cast<PyTypeObject*>(type))) return;
  if (std::exchange(open_types_of, runtime.execution) != runtime.execution) open_types.clear();
  if (!open_types.insert(type).second) return;
  entry_of(type);  // its identity
  open_objects.push_back(type);
}

void found(PyObject* object, int depth);

void found_function(PyFunctionObject* function, int depth) {
  for (PyObject* part : {function->func_closure, function->func_defaults, function->func_kwdefaults})
    if (part) found(part, depth);
}

void found(PyObject* object, int depth) {
  if (PyTuple_CheckExact(object)) {
    if (depth == kTupleDepth || PyTuple_GET_SIZE(object) > kTupleSize) return;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) found(PyTuple_GET_ITEM(object, i), depth + 1);
    return;
  }
  if (PyFunction_Check(object)) {
    if (depth < kTupleDepth) found_function(reinterpret_cast<PyFunctionObject*>(object), depth + 1);
    if (!nameable(object)) return;
  }
  if (PyType_Check(object)) open_type(object);
  if (!nameable(object) || is_named(object)) return;
  entry_of(object);
  if (opens(object)) open_objects.push_back(object);
}

int visit(PyObject* object, void*) {
  found(object, 0);
  return 0;
}

}  // namespace

NamesAside::NamesAside() : named_(self().named), outer_(std::exchange(aside, &before_)) {}

NamesAside::~NamesAside() {
  aside = outer_;
  for (const auto& [object, entry] : before_) {
    if (!table.find(object)) continue;
    if (entry.name)
      table.insert(object) = entry;
    else
      forget_name(object);
  }
  self().named = named_;
}

void install_names() {
  PyBaseObject_Type.tp_hash = hash_object;
  PyMethod_Type.tp_hash = hash_method;
  PyCFunction_Type.tp_hash = hash_builtin;
  list_dealloc = std::exchange(PyList_Type.tp_dealloc, dealloc_list);
  dict_dealloc = std::exchange(PyDict_Type.tp_dealloc, dealloc_dict);
}

int find_container_types() {
  Ref collections = Ref::take(PyImport_ImportModule("collections"));
  Ref functools = Ref::take(PyImport_ImportModule("functools"));
  if (!collections || !functools) return -1;
  deque_type = reinterpret_cast<PyTypeObject*>(PyObject_GetAttrString(collections.get(), "deque"));
  partial_type = reinterpret_cast<PyTypeObject*>(PyObject_GetAttrString(functools.get(), "partial"));
  return deque_type && partial_type ? 0 : -1;
}

bool is_plain(PyObject* value) {
  PyTypeObject* type = Py_TYPE(value);
  return type == &PyLong_Type || type == &PyUnicode_Type || type == &PyFloat_Type || type == &PyBool_Type ||
         type == &PyBytes_Type || value == Py_None || type == &PyComplex_Type || type == &PyRange_Type;
}

std::uint64_t name_of(PyObject* object) {
  if (const std::uint64_t name = own_name(object)) return name;
  return entry_of(object).name;
}

std::uint64_t identity_of(PyObject* object) {
  const bool may_repeat =
      PyFunction_Check(object) ||
      (PyType_Check(object) && PyType_HasFeature((PyTypeObject*)object, Py_TPFLAGS_HEAPTYPE));
  return may_repeat ? entry_of(object).name : name_of(object);
}

int show_identity(PyObject* object) {
  if (!controlled() || !named_addresses.may_be(object)) return 0;
  const NameEntry* entry = table.find(object);
  if (!entry || !entry->shows_maker || !is_current(*entry)) return 0;
  return runtime.engine->tell_all_apart("the identity of something that one of them has made is used")
             ? 0
             : resumed();
}

bool has_name(PyObject* object) { return own_name(object) || is_named(object); }

void set_name(PyObject* object, std::uint64_t name) {
  NameEntry& entry = table.insert(object);
  if (!entry.name) named_addresses.add(object);
  entry.name = name | 1;
  entry.execution = now();
}

namespace {

void name_for_good(PyObject* value, std::uint64_t name) {
  if (PyTuple_CheckExact(value) || !PyObject_IS_GC(value) || table.find(value)) return;
  if (!nameable(value) && !PyType_Check(value)) return;  // a class has an identity besides
  if (PyDict_CheckExact(value) && module_dict_name(value)) return;
  named_addresses.add(value);
  NameEntry& entry = table.insert(value);
  entry.name = name;
  entry.execution = 0;
}

void name_defaults(PyFunctionObject* function, std::uint64_t name) {
  PyObject *key, *value;
  PyObject* defaults = function->func_defaults;
  for (Py_ssize_t i = 0; defaults && i < PyTuple_GET_SIZE(defaults); ++i)
    name_for_good(PyTuple_GET_ITEM(defaults, i), called(9, name, static_cast<std::uint64_t>(i)));
  for (Py_ssize_t at = 0;
       function->func_kwdefaults && PyDict_Next(function->func_kwdefaults, &at, &key, &value);)
    name_for_good(value, called(10, name, hash_string(key)));
}

void name_values(PyObject* dict, std::uint64_t parent, int depth) {
  PyObject *key, *value;
  for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
    if (!PyUnicode_CheckExact(key) || !PyObject_IS_GC(value)) continue;
    const std::uint64_t name = called(8, parent, hash_string(key));
    if (PyType_Check(value) && depth == 0) {
      auto* type = reinterpret_cast<PyTypeObject*>(value);
      if (type->tp_flags & Py_TPFLAGS_HEAPTYPE && type->tp_dict) name_values(type->tp_dict, name, depth + 1);
    }
    if (PyFunction_Check(value)) name_defaults(reinterpret_cast<PyFunctionObject*>(value), name);
    name_for_good(value, name);
  }
}

}  // namespace

void name_library(PyObject* module) {
  PyObject* dict = PyModule_Check(module) ? PyModule_GetDict(module) : nullptr;
  if (dict) name_values(dict, own_name(module), 0);
}

void publish(PyObject* value) {
  if (is_plain(value)) return;
  found(value, 0);
  while (!open_objects.empty()) {
    PyObject* object = open_objects.back();
    open_objects.pop_back();
    Py_TYPE(object)->tp_traverse(object, visit, nullptr);
  }
}

std::uint64_t digest_of(PyObject* value) {
  PyTypeObject* type = Py_TYPE(value);
  if (type == &PyTuple_Type) {
    std::uint64_t digest = 0x7455706c65ull;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(value); ++i)
      digest = mix(digest * 0x9E3779B97F4A7C15ull + digest_of(PyTuple_GET_ITEM(value, i)));
    return digest;
  }
  if (is_plain(value) && value != Py_None) return mix(static_cast<std::uint64_t>(PyObject_Hash(value)) + 1);
  return name_of(value);
}

std::size_t named_objects() { return table.size(); }

void forget_name(const void* object) {
  if (table.erase(object)) named_addresses.remove(object);
}

}  // namespace raddle::python
