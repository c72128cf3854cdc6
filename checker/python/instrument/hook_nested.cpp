// What C code finds in a container when it looks at more than that: comparisons, texts, copies, pickles, sums of lists.
//
// All that it can reach through built-in containers is read in the same step. Which of it others can get at is for the
// sink to know. Objects of the program's classes have methods that tell what they read; only pickling looks at their
// attributes without any.
#include <algorithm>
#include <unordered_set>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

constexpr std::size_t max_visited = 20000;
constexpr int max_depth = 200;
constexpr int max_tuple_depth = 3;

/// Does pickling an object of this type take its attributes, without asking any code of the program?
bool has_plain_state(PyTypeObject* type) {
  if (!(type->tp_flags & Py_TPFLAGS_HEAPTYPE)) return false;
  for (PyObject* name : {names.reduce, names.reduce_ex, names.getstate}) {
    PyObject* method = _PyType_Lookup(type, name);
    if (!method || !Py_IS_TYPE(method, &PyMethodDescr_Type) || PyDescr_TYPE(method) != &PyBaseObject_Type)
      return false;
  }
  return true;
}

/// Calls `visit` with each value in a slot (`__slots__`) of the object, and its place.
template <class Visit>
void slots(PyObject* object, Visit visit) {
  PyObject* mro = Py_TYPE(object)->tp_mro;
  for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); ++i) {
    auto* base = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(mro, i));
    PyObject *name, *descriptor;
    for (Py_ssize_t at = 0; PyDict_Next(base->tp_dict, &at, &name, &descriptor);) {
      PyObject* value =
          Py_IS_TYPE(descriptor, &PyMemberDescr_Type) ? slot_value(object, descriptor) : nullptr;
      if (value) visit(value, Place{.container = object, .key = name, .kind = PlaceKind::attribute});
    }
  }
}

/// The dict of the object's attributes, made if need be; null if it has none.
Ref dict_of(PyObject* object) {
  if (!Py_TYPE(object)->tp_dictoffset) return {};
  Ref dict = Ref::take(PyObject_GenericGetDict(object, nullptr));
  if (!dict) PyErr_Clear();
  return dict;
}

class Walk {
 public:
  explicit Walk(Places& places) : places_(places) {}

  void items(PyObject* container, Depth depth, int level) {
    if (level == max_depth) return stop();
    if (!opens(container)) return;
    Place where{.container = container};
    if (PyDict_Check(container)) {
      where.kind = PlaceKind::item;
      PyObject* value;
      for (Py_ssize_t at = 0; !stopped_ && PyDict_Next(container, &at, &where.key, &value);)
        found(value, is_plain_key(where.key) ? where : Place{.container = container}, depth, level);
    } else if (PyList_Check(container)) {
      where.kind = PlaceKind::index;
      for (; !stopped_ && where.index < PyList_GET_SIZE(container); ++where.index)
        found(PyList_GET_ITEM(container, where.index), where, depth, level);
    } else if (PyTuple_Check(container)) {
      tuple(container, where, depth, level);
    } else if (std::vector<PyObject*> all; items_of(container, all)) {
      for (PyObject* item : all) {
        if (!stopped_) found(item, where, depth, level);
      }
    }
  }

  void found(PyObject* object, const Place& where, Depth depth, int level) {
    PyTypeObject* type = Py_TYPE(object);
    const TypeTraits& traits = traits_of(type);
    if (traits.plain || traits.ignored || stopped_) return;
    if (PyTuple_Check(object)) {
      if (level == max_depth) return stop();
      if (depth != Depth::shallow) tuple(object, where, below(depth), level + 1);
      return;
    }
    if (traits.kind == ContainerKind::none) {
      if (depth == Depth::state && has_plain_state(type) && is_new(object)) attributes(object, where, level);
      return;
    }
    if (traits.iterator() || !is_new(object)) return;
    if (traits.kind == ContainerKind::view) {
      PyObject* dict = viewed_dict(object);
      if (dict && is_namespace(object) && hook_state.sink->is_shared(object, where))
        hook_state.sink->alias(dict, object);
      if (dict) found(dict, where, depth, level);
      return;
    }
    if (traits.kind == ContainerKind::foreign) return;  // its methods are Python code
    if (traits.mutable_container()) {
      if (hook_state.look) hook_state.look->reached.push_back(object);
      if (hook_state.sink->is_shared(object, where))
        places_.add({.container = object, .operand = where.operand});
    }
    if (depth != Depth::shallow) items(object, below(depth), level + 1);
  }

  void attributes(PyObject* object, const Place& where, int level) {
    if (level == max_depth) return stop();
    const bool shared = hook_state.sink->is_shared(object, where);
    if (const Ref dict = dict_of(object)) {
      if (shared) {
        hook_state.sink->alias(dict.get(), object);
        places_.add({.container = dict.get()});
      }
      items(dict.get(), Depth::state, level + 1);
    }
    slots(object, [&](PyObject* value, const Place& slot) {
      if (shared) places_.add(slot);
      found(value, slot, Depth::state, level + 1);
    });
  }

 private:
  /// May this step look into it?
  static bool opens(PyObject* container) {
    Look* look = hook_state.look;
    PyTypeObject* type = Py_TYPE(container);
    if (traits_of(type).kind == ContainerKind::view) {
      container = viewed_dict(container);
      if (!container) return false;
    }
    if (!look || PyTuple_Check(container) || !hook_state.sink->may_change(container)) return true;
    look->reached.push_back(container);
    return std::ranges::binary_search(look->read, container);
  }

  void tuple(PyObject* tuple, const Place& where, Depth depth, int level) {
    for (Py_ssize_t i = 0; !stopped_ && i < PyTuple_GET_SIZE(tuple); ++i)
      found(PyTuple_GET_ITEM(tuple, i), where, depth, level);
  }

  bool is_new(PyObject* object) {
    if (visited_.size() == max_visited) return stop(), false;
    return visited_.insert(object).second;
  }

  void stop() {
    if (!stopped_) hook_state.sink->looks_too_far();
    stopped_ = true;
  }

  Places& places_;
  std::unordered_set<PyObject*> visited_;
  bool stopped_ = false;
};

int collect(PyObject* object, void* items) {
  static_cast<std::vector<PyObject*>*>(items)->push_back(object);
  return 0;
}

bool holds(PyObject* object, int depth) {
  if (!PyTuple_Check(object)) return traits_of(Py_TYPE(object)).kind != ContainerKind::none;
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object); ++i) {
    if (depth == max_tuple_depth || holds(PyTuple_GET_ITEM(object, i), depth + 1)) return true;
  }
  return false;
}

}  // namespace

bool items_of(PyObject* container, std::vector<PyObject*>& items) {
  PyObject *key, *value;
  Py_ssize_t at = 0;
  Py_hash_t hash;
  if (PyList_Check(container) || PyTuple_Check(container)) {
    PyObject** first = PySequence_Fast_ITEMS(container);
    items.assign(first, first + PySequence_Fast_GET_SIZE(container));
  } else if (PyDict_Check(container)) {
    while (PyDict_Next(container, &at, &key, &value)) items.push_back(key);
  } else if (PyAnySet_Check(container)) {
    while (_PySet_NextEntry(container, &at, &key, &hash)) items.push_back(key);
  } else if (traits_of(Py_TYPE(container)).kind == ContainerKind::view) {
    PyObject* dict = viewed_dict(container);
    const bool keys = Py_IS_TYPE(container, &PyDictKeys_Type) || Py_IS_TYPE(container, &PyODictKeys_Type) ||
                      Py_IS_TYPE(container, &PyDictProxy_Type);
    while (dict && PyDict_Next(dict, &at, &key, &value)) items.push_back(keys ? key : value);
  } else if (traits_of(Py_TYPE(container)).kind == ContainerKind::deque) {
    Py_TYPE(container)->tp_traverse(container, collect, &items);
  } else {
    return false;
  }
  return true;
}

bool holds_containers(PyObject* object) { return holds(object, 0); }

void add_items(PyObject* container, Depth depth, Places& places) { Walk(places).items(container, depth, 0); }

void add_list_item(PyObject* list, Py_ssize_t index, Depth depth, Places& places) {
  if (index < 0 || index >= PyList_GET_SIZE(list)) return;
  Place where{.container = list, .index = index, .kind = PlaceKind::index};
  Walk(places).found(PyList_GET_ITEM(list, index), where, depth, 0);
}

void add_state(PyObject* object, Places& places) {
  if (traits_of(Py_TYPE(object)).kind == ContainerKind::none && has_plain_state(Py_TYPE(object)))
    Walk(places).attributes(object, {.container = object}, 0);
}

void open_state(PyObject* object, Places& places) {
  if (!has_plain_state(Py_TYPE(object))) return;
  if (const Ref dict = dict_of(object)) {
    hook_state.sink->alias(dict.get(), object);
    if (facts_of(names.dict).written_attribute)  // it may be another one
      places.add({.container = object, .key = names.dict, .kind = PlaceKind::attribute});
    if (PyDict_GET_SIZE(dict.get()) == 0) places.add({.container = dict.get()});  // it says None then
  }
  slots(object, [&](PyObject*, const Place& slot) { places.add(slot); });
}

}  // namespace raddle::python
