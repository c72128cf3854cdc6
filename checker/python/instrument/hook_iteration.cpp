// Iteration: what a loop, an unpacking or a C function that walks over a container reads.
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

/// Finds the containers behind an iterator and adds what moving it on reads.
class IteratorVisitor {
 public:
  /// `step`: by one element; else to the end.
  IteratorVisitor(Places& places, Mode mode, bool step, unsigned operand)
      : places_(places), mode_(mode), step_(step), operand_(static_cast<std::uint16_t>(operand)) {}

  void visit(PyObject* iterator, Py_ssize_t references) {
    if (nesting_ == max_nesting) return;
    // Another thread may hold the iterator too: moving it on is an access by itself.
    if (Py_REFCNT(iterator) > references) {
      add(places_, {.container = iterator, .mode = Mode::update, .operand = operand_});
    }
    ++nesting_;
    switch (traits_of(Py_TYPE(iterator)).kind) {
      case ContainerKind::list_iterator: visit_list(iterator); break;
      case ContainerKind::plain_iterator: add_container(iterated_container(iterator)); break;
      case ContainerKind::chain_iterator:
        if (Py_TYPE(iterator)->tp_traverse) Py_TYPE(iterator)->tp_traverse(iterator, visit_part, this);
        break;
      case ContainerKind::generator: visit_generator(iterator); break;
      default: break;
    }
    --nesting_;
  }

 private:
  void add_container(PyObject* container) {
    if (!container || !traits_of(Py_TYPE(container)).mutable_container()) return;
    add(places_, {.container = container, .mode = mode_, .operand = operand_, .indirect = true});
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
      visit(object, references);
    } else if (traits.kind != ContainerKind::none) {
      add_whole(object, mode_, places_, 0);
    }
  }

  /// A composed iterator holds others: directly, or in a tuple.
  static int visit_part(PyObject* part, void* visitor) {
    auto& self = *static_cast<IteratorVisitor*>(visitor);
    if (PyTuple_CheckExact(part)) {
      for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(part); ++i) {
        PyObject* item = PyTuple_GET_ITEM(part, i);
        if (item && traits_of(Py_TYPE(item)).iterator()) self.visit(item, 1);
      }
    } else if (Py_IS_TYPE(part, &PyTupleIter_Type)) {
      // itertools.chain: the next step may open any of its arguments.
      Py_TYPE(part)->tp_traverse(part, visit_arguments, visitor);
    } else if (traits_of(Py_TYPE(part)).iterator()) {
      self.visit(part, 1);
    }
    return 0;
  }

  static int visit_arguments(PyObject* tuple, void* visitor) {
    for (Py_ssize_t i = 0; PyTuple_CheckExact(tuple) && i < PyTuple_GET_SIZE(tuple); ++i) {
      if (PyObject* item = PyTuple_GET_ITEM(tuple, i))
        static_cast<IteratorVisitor*>(visitor)->visit_any(item, 1);
    }
    return 0;
  }

  Places& places_;
  Mode mode_;
  bool step_;
  std::uint16_t operand_;
  int nesting_ = 0;
};

}  // namespace

void add_whole(PyObject* object, Mode mode, Places& places, unsigned operand, Py_ssize_t references) {
  const TypeTraits& traits = traits_of(Py_TYPE(object));
  Place place{.container = object, .mode = mode, .operand = static_cast<std::uint16_t>(operand)};
  switch (traits.kind) {
    case ContainerKind::none:
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
      return IteratorVisitor(places, mode, false, operand).visit(object, references);
  }
  add(places, place);
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
  IteratorVisitor(places, Mode::read, true, operand).visit(iterator, references);
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
