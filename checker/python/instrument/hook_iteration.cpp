// Iteration: what a loop, an unpacking or a C function that walks over a container reads.
#include <algorithm>
#include <string_view>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

constexpr int max_nesting = 6;

void add(Places& places, const Place& place) {
  for (const Place& old : places.all()) {
    if (old.container == place.container && old.kind == place.kind && old.index == place.index) return;
  }
  places.add(place);
}

bool is_iterator(PyObject* part) {
  return traits_of(Py_TYPE(part)).iterator() || Py_IS_TYPE(part, &PyTupleIter_Type);
}

/// What a composed iterator (map, zip, chain, ...) is made of.
struct Parts {
  PyObject* function = nullptr;  // of map, filter, accumulate, ...
  std::vector<PyObject*> iterators;
};

int visit_part(PyObject* part, void* parts) {
  auto& [function, iterators] = *static_cast<Parts*>(parts);
  if (PyTuple_CheckExact(part)) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(part); ++i) {
      PyObject* item = PyTuple_GET_ITEM(part, i);
      if (item && is_iterator(item)) iterators.push_back(item);
    }
  } else if (is_iterator(part)) {
    iterators.push_back(part);
  } else if (!function && PyCallable_Check(part)) {
    function = part;
  }
  return 0;
}

int visit_tuple(PyObject* tuple, void* out) {
  *static_cast<PyObject**>(out) = tuple;
  return 0;
}

/// Null when the iterator is exhausted.
PyObject* iterated_tuple(PyObject* iterator) {
  PyObject* tuple = nullptr;
  PyTupleIter_Type.tp_traverse(iterator, visit_tuple, &tuple);
  return tuple;
}

/// What an iterator over one container has still to give, as far as that is known (maybe more).
bool items_ahead(PyObject* iterator, bool step, std::vector<PyObject*>& items) {
  PyTypeObject* type = Py_TYPE(iterator);
  const TypeTraits& traits = traits_of(type);
  if (traits.kind == ContainerKind::list_iterator) {
    Py_ssize_t index = 0;
    PyObject* list = iterated_list(iterator, index);
    if (!list) return true;
    if (!step) return items_of(list, items);
    if (index >= 0 && index < PyList_GET_SIZE(list)) items.push_back(PyList_GET_ITEM(list, index));
    return true;
  }
  if (traits.kind != ContainerKind::plain_iterator) {
    if (type != &PyTupleIter_Type) return false;
    PyObject* tuple = iterated_tuple(iterator);
    return !tuple || items_of(tuple, items);
  }
  PyObject* container = iterated_container(iterator);
  if (!container) return true;
  if (PyDict_Check(container) && type != &PyDictIterKey_Type && type != &PyDictRevIterKey_Type) {
    PyObject *key, *value;
    for (Py_ssize_t at = 0; PyDict_Next(container, &at, &key, &value);) items.push_back(value);
    return true;
  }
  return items_of(container, items);
}

/// Finds the containers behind an iterator and adds what moving it on reads.
class IteratorVisitor {
 public:
  /// `step`: by one element; else to the end.
  IteratorVisitor(Places& places, Mode mode, bool step, unsigned operand)
      : places_(places), mode_(mode), step_(step), operand_(static_cast<std::uint16_t>(operand)) {}

  /// `depth`: how far somebody looks into what the iterator gives.
  void visit(PyObject* iterator, Py_ssize_t references, Depth depth) {
    if (nesting_ == max_nesting) return hook_state.sink->looks_too_far();
    // Another thread may hold the iterator too: moving it on is an access by itself.
    if (Py_REFCNT(iterator) > references) {
      add(places_, {.container = iterator, .mode = Mode::update, .operand = operand_});
    }
    ++nesting_;
    const Depth outer = std::exchange(depth_, depth);
    switch (traits_of(Py_TYPE(iterator)).kind) {
      case ContainerKind::list_iterator: visit_list(iterator); break;
      case ContainerKind::plain_iterator: add_container(iterated_container(iterator), iterator); break;
      case ContainerKind::chain_iterator: visit_chain(iterator); break;
      case ContainerKind::generator: visit_generator(iterator); break;
      default: break;
    }
    depth_ = outer;
    --nesting_;
  }

 private:
  void add_container(PyObject* container, PyObject* iterator) {
    if (!container || !traits_of(Py_TYPE(container)).mutable_container()) return;
    add(places_, {.container = container, .mode = mode_, .operand = operand_, .indirect = true});
    if (depth_ != Depth::shallow && Py_TYPE(iterator) != &PyDictIterKey_Type)
      add_items(container, below(depth_), places_);
  }

  void visit_list(PyObject* iterator) {
    Py_ssize_t index = 0;
    PyObject* list = iterated_list(iterator, index);
    if (!list) return;
    Place place{.container = list, .mode = mode_, .operand = operand_, .indirect = true};
    if (step_ && index >= 0) {
      place.kind = PlaceKind::index;
      place.index = index;
    }
    add(places_, place);
    if (depth_ == Depth::shallow) return;
    if (step_)
      add_list_item(list, index, below(depth_), places_);
    else
      add_items(list, below(depth_), places_);
  }

  void visit_chain(PyObject* iterator) {
    PyTypeObject* type = Py_TYPE(iterator);
    if (!type->tp_traverse) return;
    Parts parts;
    type->tp_traverse(iterator, visit_part, &parts);
    const Depth depth = depth_;
    if (std::string_view(type->tp_name) == "itertools.chain") return visit_chained(parts.iterators);
    if (!parts.function) {
      depth_ = depth_without_function(type);
    } else if (depth_ != Depth::shallow && !returns_new(parts.function)) {
      depth_ =
          Depth::deep;  // it may return what it finds in its arguments, or in the object whose method it is
      PyObject* self = PyCFunction_Check(parts.function) ? PyCFunction_GET_SELF(parts.function) : nullptr;
      if (self && holds_containers(self)) add_items(self, Depth::deep, places_);
    }
    for (PyObject* part : parts.iterators) visit_given(part);
    depth_ = depth;
    if (parts.function) apply(type->tp_name, parts);
  }

  /// How far an iterator looks by itself, besides what somebody does with what it gives.
  Depth depth_without_function(PyTypeObject* type) const {
    const std::string_view name = type->tp_name;
    if (name == "itertools.groupby") return Depth::deep;
    return type == &PyFilter_Type || name == "itertools.filterfalse" || name == "itertools.accumulate"
               ? above(depth_)
               : depth_;
  }

  /// Chain has an iterator that it is in the middle of, and one that gives what it iterates over next.
  void visit_chained(std::span<PyObject* const> parts) {
    if (parts.size() > 1) visit_given(parts[0]);
    if (parts.empty()) return;
    if (!Py_IS_TYPE(parts.back(), &PyTupleIter_Type)) return visit(parts.back(), 1, above(depth_));
    PyObject* tuple = iterated_tuple(parts.back());
    for (Py_ssize_t i = 0; tuple && i < PyTuple_GET_SIZE(tuple); ++i)
      visit_any(PyTuple_GET_ITEM(tuple, i), 1);
  }

  void visit_given(PyObject* part) {
    if (!Py_IS_TYPE(part, &PyTupleIter_Type)) return visit(part, 1, depth_);
    PyObject* tuple = depth_ == Depth::shallow ? nullptr : iterated_tuple(part);
    if (tuple) add_items(tuple, below(depth_), places_);
  }

  /// The function is called with the items that the iterators give: all of them, or the next ones.
  void apply(std::string_view type, const Parts& parts) {
    std::vector<std::vector<PyObject*>> items(parts.iterators.size());
    std::size_t count = 0;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (!items_ahead(parts.iterators[i], step_, items[i])) {
        // Whatever lies behind it may be among them.
        visit(parts.iterators[i], 1, Depth::deep);
        items[i].push_back(Py_None);
      }
      count = std::max(count, items[i].size());
    }
    std::vector<PyObject*> arguments;
    for (std::size_t at = 0; at < count; ++at) {
      arguments.clear();
      for (const auto& column : items) arguments.push_back(at < column.size() ? column[at] : Py_None);
      PyObject* first = arguments[0];
      if (type == "itertools.starmap" && (PyTuple_Check(first) || PyList_Check(first))) {
        arguments.clear();
        items_of(first, arguments);
        add_whole(first, Mode::read, places_, operand_);
      } else if (type == "itertools.accumulate" && !items[0].empty()) {
        arguments.insert(arguments.begin(), items[0][0]);
      }
      add_called(parts.function, arguments, places_);
    }
  }

  /// A generator whose code does not report may read whatever its frame holds.
  void visit_generator(PyObject* generator) {
    auto* code = reinterpret_cast<PyObject*>(reinterpret_cast<PyGenObject*>(generator)->gi_code);
    if (is_instrumented(code)) return;
    for (PyObject* object : generator_frame(generator)) {
      // Iterators in there belong to the generator, however many references it has.
      if (object) visit_any(object, PY_SSIZE_T_MAX);
    }
  }

  void visit_any(PyObject* object, Py_ssize_t references) {
    const TypeTraits& traits = traits_of(Py_TYPE(object));
    if (traits.iterator()) {
      visit(object, references, depth_);
    } else if (holds_containers(object)) {
      add_whole(object, mode_, places_, 0, 1, depth_);
    }
  }

  Places& places_;
  Mode mode_;
  bool step_;
  std::uint16_t operand_;
  int nesting_ = 0;
  Depth depth_ = Depth::shallow;
};

}  // namespace

void add_whole(PyObject* object, Mode mode, Places& places, unsigned operand, Py_ssize_t references,
               Depth depth) {
  const TypeTraits& traits = traits_of(Py_TYPE(object));
  Place place{.container = object, .mode = mode, .operand = static_cast<std::uint16_t>(operand)};
  switch (traits.kind) {
    case ContainerKind::none:
      if (depth != Depth::shallow && PyTuple_Check(object)) add_items(object, below(depth), places);
      if (depth == Depth::state && !traits.plain && !traits.ignored) add_state(object, places);
      return;
    case ContainerKind::opaque:  // only its own methods touch it
      return;
    case ContainerKind::list:
    case ContainerKind::dict:
    case ContainerKind::set:
    case ContainerKind::deque:
    case ContainerKind::byte_array:
    case ContainerKind::array:
    case ContainerKind::foreign: break;
    case ContainerKind::view:
      place.container = viewed_dict(object);
      place.indirect = true;
      if (!place.container) return;
      if (is_namespace(object)) hook_state.sink->alias(place.container, object);
      break;
    case ContainerKind::memory_view:
      place.indirect = true;
      place.container = memory_owner(object);
      if (!place.container || !traits_of(Py_TYPE(place.container)).mutable_container()) return;
      break;
    case ContainerKind::list_iterator:
    case ContainerKind::plain_iterator:
    case ContainerKind::chain_iterator:
    case ContainerKind::generator:
    case ContainerKind::counter:
      return IteratorVisitor(places, mode, false, operand).visit(object, references, depth);
  }
  add(places, place);
  if (depth != Depth::shallow) add_items(object, below(depth), places);
}

Finding make_iterator(PyObject* object, Places& places, unsigned operand) {
  PyTypeObject* type = Py_TYPE(object);
  const TypeTraits& traits = traits_of(type);
  switch (traits.kind) {
    case ContainerKind::dict:
    case ContainerKind::set:
    case ContainerKind::deque:  // these remember their size
      if (implementation_of(type, names.iter) == Implementation::instrumented) return Finding::quiet_by_type;
      break;
    case ContainerKind::view: break;
    case ContainerKind::foreign:
      if (implementation_of(type, names.iter) == Implementation::instrumented) return Finding::quiet_by_type;
      break;
    default: return Finding::quiet_by_type;
  }
  add_whole(object, Mode::read, places, operand);
  return places.empty() ? Finding::quiet : Finding::visible;
}

Finding step_iterator(PyObject* iterator, Places& places, unsigned operand, Py_ssize_t references) {
  if (!traits_of(Py_TYPE(iterator)).iterator()) return Finding::quiet_by_type;
  IteratorVisitor(places, Mode::read, true, operand).visit(iterator, references, Depth::shallow);
  return places.empty() ? Finding::quiet : Finding::visible;
}

int on_iteration(Site& site, PyObject* operand) {
  PyTypeObject* type = Py_TYPE(operand);
  if (quiet_before(site, type)) return 0;
  // The stack and the hook's operand hold it; in a comprehension, so does its argument.
  Py_ssize_t references = 2;
  Places places;
  Finding finding;
  const char* label = "iterate";
  if (site.kind == SiteKind::make_iterator) {
    finding = make_iterator(operand, places, 1);
  } else if (site.kind == SiteKind::next_item) {
    label = "next";
    if (site.argument && current_frame()->localsplus[0] == operand) ++references;
    finding = step_iterator(operand, places, 1, references);
  } else {
    label = site.kind == SiteKind::unpack ? "unpack" : "read";
    if (traits_of(type).kind == ContainerKind::none) {
      finding = Finding::quiet_by_type;
    } else {
      add_whole(operand, Mode::read, places, 1, references);
      finding = places.empty() ? Finding::quiet : Finding::visible;
    }
  }
  if (finding == Finding::visible) return report(site, places, label);
  if (finding == Finding::quiet_by_type) remember_quiet(site, type);
  return 0;
}

}  // namespace raddle::python
