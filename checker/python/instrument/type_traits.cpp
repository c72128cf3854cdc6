#include "checker/python/instrument/type_traits.h"

#include <algorithm>
#include <string_view>
#include <unordered_set>

#include "checker/python/instrument/library_code.h"
#include "checker/python/instrument/names.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/instrument/site.h"

namespace raddle::python {
namespace {

using std::string_view;

struct NamedKind {
  string_view name;
  ContainerKind kind;
};

constexpr NamedKind named_kinds[] = {
    {"collections.deque", ContainerKind::deque},
    {"array.array", ContainerKind::array},
    {"_collections._deque_iterator", ContainerKind::plain_iterator},
    {"_collections._deque_reverse_iterator", ContainerKind::plain_iterator},
    {"array.arrayiterator", ContainerKind::plain_iterator},
    {"itertools.count", ContainerKind::counter},
    {"_io.StringIO", ContainerKind::opaque},
    {"_io.BytesIO", ContainerKind::opaque},
    {"_io.TextIOWrapper", ContainerKind::opaque},
    {"_io.BufferedReader", ContainerKind::opaque},
    {"_io.BufferedWriter", ContainerKind::opaque},
    {"_io.BufferedRandom", ContainerKind::opaque},
    {"_io.FileIO", ContainerKind::opaque},
    {"_hashlib.HASH", ContainerKind::opaque},
    {"_hashlib.HMAC", ContainerKind::opaque},
    {"_md5.md5", ContainerKind::opaque},
    {"_sha1.sha1", ContainerKind::opaque},
    {"_blake2.blake2b", ContainerKind::opaque},
    {"zlib.Compress", ContainerKind::opaque},
    {"zlib.Decompress", ContainerKind::opaque},
    {"_csv.writer", ContainerKind::opaque},
    {"_csv.reader", ContainerKind::opaque},
    {"mmap.mmap", ContainerKind::opaque},
    {"sqlite3.Connection", ContainerKind::opaque},
    {"sqlite3.Cursor", ContainerKind::opaque},
    {"xml.etree.ElementTree.Element", ContainerKind::opaque},
    {"_pickle.Pickler", ContainerKind::opaque},
    {"_pickle.Unpickler", ContainerKind::opaque},
};

// Containers of the standard library that are written in Python and stay closed (library_code.h): module and class.
constexpr std::pair<string_view, string_view> foreign_containers[] = {
    {"os", "_Environ"},  {"configparser", "RawConfigParser"}, {"http.cookies", "BaseCookie"},
    {"shelve", "Shelf"}, {"email.message", "Message"},
};

// Immutable C types that no flag of the type tells.
constexpr string_view plain_names[] = {
    "NoneType",
    "ellipsis",
    "NotImplementedType",
    "float",
    "complex",
    "range",
    "slice",
    "code",
    "function",
    "builtin_function_or_method",
    "method_descriptor",
    "wrapper_descriptor",
    "method-wrapper",
    "classmethod_descriptor",
    "getset_descriptor",
    "member_descriptor",
    "module",
    "re.Pattern",
    "re.Match",
    "datetime.date",
    "datetime.time",
    "datetime.datetime",
    "datetime.timedelta",
    "datetime.timezone",
    "decimal.Decimal",
    "types.GenericAlias",
    "types.UnionType",
    "_struct.Struct",
    "range_iterator",
    "functools._lru_cache_wrapper",
};

// Each thread has its own, or the front end handles them.
constexpr string_view ignored_names[] = {"_thread._local", "_thread.lock", "_thread.RLock"};

auto& ignored_types() {
  static auto& all = *new std::unordered_set<PyTypeObject*>;
  return all;
}

/// Made by a class statement, not by C code (whose heap types keep a name of their own).
bool is_python_class(PyTypeObject* type) {
  return type->tp_flags & Py_TPFLAGS_HEAPTYPE && !reinterpret_cast<PyHeapTypeObject*>(type)->_ht_tpname;
}

/// Was the class made by a class statement of this module under this name?
bool is_class(PyTypeObject* type, string_view module, string_view name) {
  if (!is_python_class(type) || name != type->tp_name) return false;
  PyObject* found = PyDict_GetItemString(type->tp_dict, "__module__");
  const char* text = found && PyUnicode_Check(found) ? PyUnicode_AsUTF8(found) : nullptr;
  return text && module == text;
}

/// Instances come to the library's code through slots of their type, too: all of it reports.
void open_methods(PyTypeObject* type) {
  PyObject* mro = type->tp_mro;
  for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); ++i) {
    auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(mro, i));
    if (!is_python_class(base)) continue;
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(base->tp_dict, &at, &key, &value);) {
      if (PyFunction_Check(value)) open_library(value);
    }
  }
}

ContainerKind iterator_kind(PyTypeObject* type) {
  if (type == &PyListIter_Type || type == &PyListRevIter_Type) return ContainerKind::list_iterator;
  for (PyTypeObject* t :
       {&PyDictIterKey_Type, &PyDictIterValue_Type, &PyDictIterItem_Type, &PyDictRevIterKey_Type,
        &PyDictRevIterValue_Type, &PyDictRevIterItem_Type, &PySetIter_Type, &PySeqIter_Type,
        &PyByteArrayIter_Type, &PyReversed_Type, &PyODictIter_Type}) {
    if (type == t) return ContainerKind::plain_iterator;
  }
  for (PyTypeObject* t : {&PyEnum_Type, &PyZip_Type, &PyMap_Type, &PyFilter_Type}) {
    if (type == t) return ContainerKind::chain_iterator;
  }
  if (string_view(type->tp_name).starts_with("itertools.") && type->tp_iternext) {
    return ContainerKind::chain_iterator;
  }
  if (type == &PyGen_Type) return ContainerKind::generator;
  return ContainerKind::none;
}

ContainerKind kind_of(PyTypeObject* type) {
  if (type->tp_flags & Py_TPFLAGS_LIST_SUBCLASS) return ContainerKind::list;
  if (type->tp_flags & Py_TPFLAGS_DICT_SUBCLASS) return ContainerKind::dict;
  if (PyType_IsSubtype(type, &PySet_Type)) return ContainerKind::set;
  if (PyType_IsSubtype(type, &PyByteArray_Type)) return ContainerKind::byte_array;
  if (type == &PyMemoryView_Type) return ContainerKind::memory_view;
  if (type == &_PyNamespace_Type) return ContainerKind::view;
  for (PyTypeObject* t : {&PyDictKeys_Type, &PyDictValues_Type, &PyDictItems_Type, &PyODictKeys_Type,
                          &PyODictValues_Type, &PyODictItems_Type, &PyDictProxy_Type}) {
    if (type == t) return ContainerKind::view;
  }
  for (PyTypeObject* t = type; t; t = t->tp_base) {
    for (const NamedKind& row : named_kinds) {
      if (row.name == t->tp_name && !is_python_class(t)) return row.kind;
    }
    for (auto [module, name] : foreign_containers) {
      if (is_class(t, module, name)) return ContainerKind::foreign;
    }
  }
  return iterator_kind(type);
}

bool plain_type(PyTypeObject* type) {
  constexpr unsigned long values = Py_TPFLAGS_LONG_SUBCLASS | Py_TPFLAGS_UNICODE_SUBCLASS |
                                   Py_TPFLAGS_BYTES_SUBCLASS | Py_TPFLAGS_TYPE_SUBCLASS;
  if (type->tp_flags & Py_TPFLAGS_TYPE_SUBCLASS) return true;
  if (type->tp_flags & values && !is_python_class(type)) return true;
  if (PyType_IsSubtype(type, &PyModule_Type)) return true;
  return !is_python_class(type) &&
         std::ranges::find(plain_names, string_view(type->tp_name)) != std::end(plain_names);
}

TypeTraits describe_type(PyTypeObject* type) {
  TypeTraits traits;
  traits.version = type->tp_version_tag;
  for (PyTypeObject* t : ignored_types()) traits.ignored |= PyType_IsSubtype(type, t) != 0;
  for (PyTypeObject* t = type; t; t = t->tp_base) {
    traits.ignored |= !is_python_class(t) &&
                      std::ranges::find(ignored_names, string_view(t->tp_name)) != std::end(ignored_names);
  }
  traits.plain = plain_type(type);
  if (!traits.plain && !traits.ignored) open_methods(type);
  if (!traits.plain && !traits.ignored) traits.kind = kind_of(type);
  return traits;
}

}  // namespace

const TypeTraits& detail::compute_traits(PyTypeObject* type) {
  // A lookup gives the type a version, as long as there are any left.
  if (type->tp_version_tag == 0) _PyType_Lookup(type, names.get);
  TypeTraits& entry = trait_cache[type->tp_version_tag % trait_cache_size];
  entry = describe_type(type);
  return entry;
}

void ignore_type(PyTypeObject* type) {
  if (!ignored_types().insert(type).second) return;
  Py_INCREF(type);
  detail::trait_cache.fill({});
}

Implementation implementation_of(PyObject* callable) {
  if (PyFunction_Check(callable)) {
    open_library(callable);
    return is_instrumented(PyFunction_GET_CODE(callable)) ? Implementation::instrumented
                                                          : Implementation::foreign;
  }
  return Implementation::c;
}

Implementation implementation_of(PyTypeObject* type, PyObject* name) {
  PyObject* found = _PyType_Lookup(type, name);
  return found && found != Py_None ? implementation_of(found) : Implementation::missing;
}

bool is_definition(PyObject* value) {
  return PyFunction_Check(value) || PyCFunction_Check(value) || PyType_Check(value) ||
         PyModule_Check(value) || PyMethod_Check(value);
}

bool needs_publishing(PyObject* value) {
  constexpr int max_depth = 3;
  auto visit = [](auto& self, PyObject* object, int depth) -> bool {
    if (!PyTuple_CheckExact(object)) return !traits_of(Py_TYPE(object)).plain;
    if (depth == max_depth) return true;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
      if (self(self, PyTuple_GET_ITEM(object, i), depth + 1)) return true;
    }
    return false;
  };
  return visit(visit, value, 0);
}

}  // namespace raddle::python
