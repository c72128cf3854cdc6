#include "checker/python/instrument/effects.h"

#include <array>
#include <string>
#include <unordered_map>

#include "checker/python/instrument/type_traits.h"

namespace raddle::python {
namespace {

using std::string_view;

constexpr Effect nothing{};
constexpr Effect reads_all{.reads_rest = true};
constexpr Effect reads{.subject = 0};
constexpr Effect reads_key{.subject = 0, .keyed = true};
constexpr Effect reads_with_rest{.subject = 0, .reads_rest = true};
constexpr Effect writes{.subject = 0, .mode = Mode::write};
constexpr Effect updates{.subject = 0, .mode = Mode::update};
constexpr Effect updates_key{.subject = 0, .mode = Mode::update, .keyed = true};
constexpr Effect updates_with_rest{.subject = 0, .mode = Mode::update, .reads_rest = true};
constexpr Effect stores{.subject = 0, .mode = Mode::update, .stores = true};
constexpr Effect stores_key{.subject = 0, .mode = Mode::update, .keyed = true, .stores = true};
constexpr Effect updates_second{.subject = 1, .mode = Mode::update};
constexpr Effect compares{.subject = 0, .reads_rest = true, .depth = Depth::deep, .compares = true};
constexpr Effect removes{
    .subject = 0, .mode = Mode::update, .reads_rest = true, .depth = Depth::deep, .compares = true};
constexpr Effect state{.subject = 0, .depth = Depth::state};
constexpr Effect items(Effect effect) {
  effect.depth = Depth::items;
  return effect;
}
constexpr Effect deep(Effect effect) {
  effect.depth = Depth::deep;
  return effect;
}
constexpr Effect sorts(Effect effect) {
  effect.depth = Depth::deep;
  effect.applies = true;
  return effect;
}
constexpr Effect pickles{.reads_rest = true, .depth = Depth::state};
constexpr Effect serializes{.reads_rest = true, .depth = Depth::state, .by_function = true};
constexpr Effect formats{.reads_rest = true, .depth = Depth::state, .by_field = true};
constexpr Effect same_as(Special special) { return {.special = special}; }
constexpr Effect iterates = same_as(Special::iterate);
constexpr Effect moves_on = same_as(Special::next);

constexpr EffectRow rows[] = {
    // Methods of every type.
    {"*", "__getitem__", same_as(Special::get_item)},
    {"*", "__setitem__", same_as(Special::set_item)},
    {"*", "__delitem__", same_as(Special::delete_item)},
    {"*", "__contains__", same_as(Special::contains)},
    {"*", "__getattribute__", same_as(Special::get_attribute)},
    {"*", "__setattr__", same_as(Special::set_attribute)},
    {"*", "__delattr__", same_as(Special::delete_attribute)},
    {"*", "__iter__", iterates},
    {"*", "__next__", moves_on},
    {"*", "__len__", reads},
    {"*", "__bool__", reads},
    {"*", "__reversed__", reads},
    {"*", "__repr__", deep(reads)},
    {"*", "__str__", deep(reads)},
    {"*", "__format__", deep(reads)},
    {"*", "__sizeof__", reads},
    {"*", "__copy__", reads},
    {"*", "__deepcopy__", reads},
    {"*", "__reduce__", state},
    {"*", "__reduce_ex__", state},
    {"*", "__getstate__", state},
    {"*", "__eq__", deep(reads_with_rest)},
    {"*", "__ne__", deep(reads_with_rest)},
    {"*", "__lt__", deep(reads_with_rest)},
    {"*", "__le__", deep(reads_with_rest)},
    {"*", "__gt__", deep(reads_with_rest)},
    {"*", "__ge__", deep(reads_with_rest)},
    {"*", "__add__", reads_with_rest},
    {"*", "__mul__", reads_with_rest},
    {"*", "__rmul__", reads_with_rest},
    {"*", "__or__", reads_with_rest},
    {"*", "__ror__", reads_with_rest},
    {"*", "__and__", reads_with_rest},
    {"*", "__rand__", reads_with_rest},
    {"*", "__sub__", reads_with_rest},
    {"*", "__rsub__", reads_with_rest},
    {"*", "__xor__", reads_with_rest},
    {"*", "__rxor__", reads_with_rest},
    {"*", "__init__", updates_with_rest},
    {"*", "__iadd__", updates_with_rest},
    {"*", "__imul__", updates_with_rest},
    {"*", "__ior__", items(updates_with_rest)},
    {"*", "__iand__", updates_with_rest},
    {"*", "__isub__", updates_with_rest},
    {"*", "__ixor__", updates_with_rest},
    {"*", "__setstate__", updates_with_rest},
    {"*", "__hash__", nothing},
    {"*", "__dir__", nothing},
    {"*", "__enter__", nothing},
    {"*", "__exit__", nothing},
    {"*", "__call__", nothing},
    {"*", "__class_getitem__", nothing},
    {"*", "__init_subclass__", nothing},
    {"*", "__subclasshook__", nothing},
    {"*", "__length_hint__", nothing},

    {"list", "append", stores},
    {"list", "insert", stores},
    {"list", "extend", updates_with_rest},
    {"list", "clear", writes},
    {"list", "pop", updates},
    {"list", "remove", removes},
    {"list", "reverse", updates},
    {"list", "sort", sorts(updates)},
    {"list", "copy", reads},
    {"list", "count", compares},
    {"list", "index", compares},

    {"str", "format", formats},
    {"str", "format_map", formats},
    {"json", "dumps", serializes},
    {"json", "dump", serializes},

    {"dict", "get", reads_key},
    {"dict", "setdefault", stores_key},
    {"dict", "pop", updates_key},
    {"dict", "popitem", updates},
    {"dict", "clear", writes},
    {"dict", "update", items(updates_with_rest)},
    {"dict", "copy", reads},
    {"dict", "keys", nothing},
    {"dict", "values", nothing},
    {"dict", "items", nothing},
    {"dict", "fromkeys", reads_all},
    {"collections.OrderedDict", "setdefault", stores_key},
    {"collections.OrderedDict", "pop", updates_key},
    {"collections.OrderedDict", "popitem", updates},
    {"collections.OrderedDict", "move_to_end", updates},
    {"collections.OrderedDict", "clear", writes},
    {"collections.OrderedDict", "update", items(updates_with_rest)},
    {"collections.OrderedDict", "copy", reads},
    {"collections.OrderedDict", "keys", nothing},
    {"collections.OrderedDict", "values", nothing},
    {"collections.OrderedDict", "items", nothing},
    {"collections.OrderedDict", "fromkeys", reads_all},
    {"collections.defaultdict", "__missing__", updates_key},
    {"collections.defaultdict", "copy", reads},

    {"set", "add", stores_key},
    {"set", "discard", updates_key},
    {"set", "remove", updates_key},
    {"set", "pop", updates},
    {"set", "clear", writes},
    {"set", "update", updates_with_rest},
    {"set", "intersection_update", updates_with_rest},
    {"set", "difference_update", updates_with_rest},
    {"set", "symmetric_difference_update", updates_with_rest},
    {"set", "union", reads_with_rest},
    {"set", "intersection", reads_with_rest},
    {"set", "difference", reads_with_rest},
    {"set", "symmetric_difference", reads_with_rest},
    {"set", "isdisjoint", reads_with_rest},
    {"set", "issubset", reads_with_rest},
    {"set", "issuperset", reads_with_rest},
    {"set", "copy", reads},
    {"frozenset", "*", reads_all},

    {"collections.deque", "append", stores},
    {"collections.deque", "appendleft", stores},
    {"collections.deque", "insert", stores},
    {"collections.deque", "extend", updates_with_rest},
    {"collections.deque", "extendleft", updates_with_rest},
    {"collections.deque", "clear", writes},
    {"collections.deque", "pop", updates},
    {"collections.deque", "popleft", updates},
    {"collections.deque", "remove", removes},
    {"collections.deque", "reverse", updates},
    {"collections.deque", "rotate", updates},
    {"collections.deque", "copy", reads},
    {"collections.deque", "count", compares},
    {"collections.deque", "index", compares},

    {"bytearray", "append", stores},
    {"bytearray", "insert", stores},
    {"bytearray", "extend", updates_with_rest},
    {"bytearray", "clear", writes},
    {"bytearray", "pop", updates},
    {"bytearray", "remove", updates},
    {"bytearray", "reverse", updates},
    {"bytearray", "*", reads_with_rest},
    {"array.array", "append", stores},
    {"array.array", "insert", stores},
    {"array.array", "extend", updates_with_rest},
    {"array.array", "frombytes", updates_with_rest},
    {"array.array", "fromfile", updates},
    {"array.array", "fromlist", updates_with_rest},
    {"array.array", "fromunicode", updates},
    {"array.array", "byteswap", updates},
    {"array.array", "pop", updates},
    {"array.array", "remove", updates},
    {"array.array", "reverse", updates},
    {"array.array", "*", reads},
    {"memoryview", "tolist", reads},
    {"memoryview", "tobytes", reads},
    {"memoryview", "hex", reads},
    {"memoryview", "*", nothing},
    {"generator", "send", moves_on},
    {"generator", "throw", moves_on},
    {"generator", "close", moves_on},
    {"_io.StringIO", "getvalue", reads},
    {"_io.BytesIO", "getvalue", reads},
    {"_struct.Struct", "pack_into", updates_second},
    {"_pickle.Pickler",
     "dump",
     {.subject = 0, .mode = Mode::update, .reads_rest = true, .depth = Depth::state}},
    {"str", "join", reads_all},
    {"bytes", "join", items(reads_all)},
    {"_socket.socket", "recv_into", updates_second},
    {"_io.FileIO", "readinto", updates_second},
    {"_io.BufferedReader", "readinto", updates_second},

    {"builtins", "getattr", same_as(Special::get_attribute)},
    {"builtins", "hasattr", same_as(Special::get_attribute)},
    {"builtins", "setattr", same_as(Special::set_attribute)},
    {"builtins", "delattr", same_as(Special::delete_attribute)},
    {"builtins", "vars", same_as(Special::variables)},
    {"builtins", "iter", iterates},
    {"builtins", "next", moves_on},
    {"builtins", "__build_class__", nothing},
    {"builtins", "__import__", nothing},
    {"builtins", "breakpoint", nothing},
    {"builtins", "callable", nothing},
    {"builtins", "compile", nothing},
    {"builtins", "dir", nothing},
    {"builtins", "eval", nothing},
    {"builtins", "exec", nothing},
    {"builtins", "hash", nothing},
    {"builtins", "id", nothing},
    {"builtins", "isinstance", nothing},
    {"builtins", "issubclass", nothing},
    {"builtins", "len", reads_all},
    {"builtins", "all", items(reads_all)},
    {"builtins", "any", items(reads_all)},
    {"builtins", "sum", items(reads_all)},
    {"builtins", "max", sorts(reads_all)},
    {"builtins", "min", sorts(reads_all)},
    {"builtins", "sorted", sorts(reads_all)},
    {"builtins", "*", deep(reads_all)},  // print, repr, format, ...
    {"_functools", "reduce", sorts(reads_all)},

    {"type", "enumerate", iterates},
    {"type", "filter", iterates},
    {"type", "map", iterates},
    {"type", "zip", iterates},
    {"type", "classmethod", nothing},
    {"type", "functools.partial", nothing},
    {"type", "memoryview", nothing},
    {"type", "object", nothing},
    {"type", "property", nothing},
    {"type", "slice", nothing},
    {"type", "staticmethod", nothing},
    {"type", "super", nothing},
    {"type", "type", nothing},
    {"type", "types.SimpleNamespace", nothing},
    {"type", "weakproxy", nothing},
    {"type", "weakref", nothing},
    {"type", "itertools.combinations", reads_all},
    {"type", "itertools.combinations_with_replacement", reads_all},
    {"type", "itertools.permutations", reads_all},
    {"type", "itertools.product", reads_all},
    {"type", "bool", reads_all},
    {"type", "bytearray", reads_all},
    {"type", "bytes", reads_all},
    {"type", "array.array", reads_all},
    {"type", "collections.deque", reads_all},
    {"type", "frozenset", reads_all},
    {"type", "list", reads_all},
    {"type", "reversed", reads_all},
    {"type", "set", reads_all},
    {"type", "tuple", reads_all},
    {"type", "dict", items(reads_all)},
    {"type", "collections.OrderedDict", items(reads_all)},
    {"type", "collections.defaultdict", items(reads_all)},
    {"type", "*", deep(reads_all)},  // str, what extension modules bring along, ...; exceptions: nothing
    {"itertools", "*", iterates},
    {"itertools.chain", "from_iterable", iterates},

    {"_heapq", "heappush", deep(stores)},
    {"_heapq", "heappop", deep(updates)},
    {"_heapq", "heapify", deep(updates)},
    {"_heapq", "heappushpop", deep(stores)},
    {"_heapq", "heapreplace", deep(stores)},
    {"_heapq", "_heapify_max", deep(updates)},
    {"_heapq", "_heappop_max", deep(updates)},
    {"_heapq", "_heapreplace_max", deep(stores)},
    {"_bisect", "insort_left", sorts(updates)},
    {"_bisect", "insort_right", sorts(updates)},
    {"_bisect", "*", sorts(reads_all)},
    {"_pickle", "*", pickles},
    {"_collections", "_count_elements", updates_with_rest},
    {"_operator", "getitem", same_as(Special::get_item)},
    {"_operator", "setitem", same_as(Special::set_item)},
    {"_operator", "delitem", same_as(Special::delete_item)},
    {"_operator", "contains", same_as(Special::contains)},
    {"_operator", "iadd", updates_with_rest},
    {"_operator", "iand", updates_with_rest},
    {"_operator", "iconcat", updates_with_rest},
    {"_operator", "imul", updates_with_rest},
    {"_operator", "ior", updates_with_rest},
    {"_operator", "isub", updates_with_rest},
    {"_operator", "ixor", updates_with_rest},
    {"_operator", "add", reads_all},
    {"_operator", "and_", reads_all},
    {"_operator", "concat", reads_all},
    {"_operator", "mul", reads_all},
    {"_operator", "or_", reads_all},
    {"_operator", "sub", reads_all},
    {"_operator", "truth", reads_all},
    {"_operator", "not_", reads_all},
    {"_operator", "xor", reads_all},
    {"_operator", "is_", nothing},
    {"_operator", "is_not", nothing},
    {"_struct", "pack_into", updates_second},

    // Modules whose functions keep or pass on what they are given, or that the front end handles itself.
    {"_abc", "*", nothing},
    {"_asyncio", "*", nothing},
    {"_thread", "*", nothing},
    {"_weakref", "_remove_dead_weakref", updates_key},
    {"_weakref", "*", nothing},
    {"atexit", "*", nothing},
    {"gc", "*", nothing},
    {"sys", "*", nothing},
    {"time", "*", nothing},
    {"raddle", "*", nothing},
    {"_raddle", "*", nothing},

    // Python functions of the standard library; those that have no line read all their arguments.
    {"random", "Random.shuffle", updates_second},
    {"concurrent.futures._base", "Executor.map", reads_all},
    {"concurrent.futures._base", "as_completed", reads_all},
    {"concurrent.futures._base", "wait", reads_all},
    {"concurrent.futures._base", "*", nothing},
    {"concurrent.futures.process", "*", nothing},
    {"concurrent.futures.thread", "*", nothing},
    {"_weakrefset", "*", nothing},
    {"abc", "*", nothing},
    {"contextlib", "*", nothing},
    {"dataclasses", "*", nothing},
    {"enum", "*", nothing},
    {"functools", "*", nothing},
    {"queue", "*", nothing},
    {"threading", "*", nothing},
    {"types", "*", nothing},
    {"typing", "*", nothing},
    {"weakref", "*", nothing},
};

// Methods in Python of containers (Counter, UserDict, ...) that leave them as they are. All others may change them.
constexpr string_view reading_methods[] = {
    "__contains__", "__copy__", "__eq__",   "__getitem__", "__iter__",   "__len__", "__repr__",
    "copy",         "count",    "elements", "get",         "index",      "items",   "keys",
    "most_common",  "total",    "values",   "__add__",     "__sub__",    "__or__",  "__and__",
    "new_child",    "parents",  "issubset", "issuperset",  "isdisjoint", "union",   "intersection",
    "difference",   "__le__",   "__lt__",   "__ge__",      "__gt__",     "__ne__",  "__bool__",
};

using Index = std::unordered_map<std::string, Effect>;
Index& table() {
  static auto& index = *new Index;
  return index;
}

std::string key(string_view owner, string_view name) {
  std::string out(owner);
  out += ' ';
  out += name;
  return out;
}

const Effect* find(string_view owner, string_view name) {
  auto found = table().find(key(owner, name));
  return found == table().end() ? nullptr : &found->second;
}

const Effect* find_or_any(string_view owner, string_view name) {
  const Effect* effect = find(owner, name);
  return effect ? effect : find(owner, "*");
}

const char* text_of(PyObject* string) {
  if (!string || !PyUnicode_Check(string)) return "";
  const char* text = PyUnicode_AsUTF8(string);
  if (!text) PyErr_Clear();
  return text ? text : "";
}

Effect method_effect(PyTypeObject* type, string_view name) {
  if (const Effect* effect = find(type->tp_name, name)) return *effect;
  if (name.starts_with("__")) {
    const Effect* effect = find("*", name);
    return effect ? *effect : nothing;
  }
  if (const Effect* effect = find(type->tp_name, "*")) return *effect;
  const TypeTraits& traits = traits_of(type);
  if (traits.mutable_container() || traits.kind == ContainerKind::opaque) return deep(updates_with_rest);
  return traits.ignored ? nothing : deep(reads_all);
}

/// Results by the address of a C definition, which stays where it is for ever.
struct Cached {
  const void* definition = nullptr;
  Effect effect;
};
constexpr std::size_t cache_size = 1024;
std::array<Cached, cache_size> cache;

template <class Compute>
const Effect& cached(const void* definition, Compute compute) {
  // Definitions stand in tables of 32 bytes per line.
  Cached& slot = cache[(reinterpret_cast<std::uintptr_t>(definition) >> 5) % cache_size];
  if (slot.definition != definition) {
    slot.effect = compute();
    slot.definition = definition;
  }
  return slot.effect;
}

}  // namespace

std::span<const EffectRow> effect_rows() { return rows; }

int prepare_effects() {
  for (const EffectRow& row : rows) table()[key(row.owner, row.name)] = row.effect;
  return 0;
}

const Effect& effect_of_method(PyObject* descriptor) {
  PyTypeObject* type = PyDescr_TYPE(descriptor);
  if (Py_IS_TYPE(descriptor, &PyMethodDescr_Type) || Py_IS_TYPE(descriptor, &PyClassMethodDescr_Type)) {
    const PyMethodDef* method = reinterpret_cast<PyMethodDescrObject*>(descriptor)->d_method;
    return cached(method, [&] { return method_effect(type, method->ml_name); });
  }
  // A slot's definition is shared by all types; so is its line in the table.
  const wrapperbase* slot = reinterpret_cast<PyWrapperDescrObject*>(descriptor)->d_base;
  return cached(slot, [&] { return method_effect(&PyBaseObject_Type, slot->name); });
}

const Effect& effect_of_function(PyObject* function) {
  auto* c_function = reinterpret_cast<PyCFunctionObject*>(function);
  return cached(c_function->m_ml, [&]() -> Effect {
    PyObject* self = PyCFunction_GET_SELF(function);
    const char* owner = self && PyType_Check(self) ? reinterpret_cast<PyTypeObject*>(self)->tp_name
                                                   : text_of(c_function->m_module);
    const Effect* effect = find_or_any(owner, c_function->m_ml->ml_name);
    return effect ? *effect : deep(reads_all);
  });
}

Effect effect_of_type(PyTypeObject* type) {
  if (PyExceptionClass_Check(reinterpret_cast<PyObject*>(type))) return nothing;
  if (const Effect* effect = find("type", type->tp_name)) return *effect;
  if (string_view(type->tp_name).starts_with("itertools.")) return iterates;
  return traits_of(type).ignored ? nothing : deep(reads_all);
}

Effect effect_of_foreign(PyObject* function, bool container_self) {
  auto* python_function = reinterpret_cast<PyFunctionObject*>(function);
  if (container_self) {
    string_view name = text_of(python_function->func_name);
    for (string_view method : reading_methods) {
      if (name == method) return reads_with_rest;
    }
    return updates_with_rest;
  }
  const Effect* effect =
      find_or_any(text_of(python_function->func_module), text_of(python_function->func_qualname));
  if (effect) return *effect;
  // A named tuple keeps what it is given.
  return string_view(text_of(python_function->func_name)) == "__new__" ? reads_all : deep(reads_all);
}

}  // namespace raddle::python
