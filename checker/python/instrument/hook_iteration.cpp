// Iteration: what a loop, an unpacking or a C function that walks over a container reads.
#include <string_view>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

constexpr int max_nesting = 6;

void visit_iterator(PyObject* iterator, Mode mode, bool step, Places& places, unsigned operand,
                    Py_ssize_t references, int nesting);

/// What a composed iterator is made of: iterators, and containers in the tuples that it keeps.
struct Parts {
  PyObject* owner;
  Mode mode;
  bool step;
  Places* places;
  unsigned operand;
  int nesting;
};

int visit_part(PyObject* part, void* context) {
  const Parts& parts = *static_cast<Parts*>(context);
  if (PyTuple_CheckExact(part)) {
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(part); ++i) {
      PyObject* item = PyTuple_GET_ITEM(part, i);
      if (item && traits_of(Py_TYPE(item)).iterator()) {
        visit_iterator(item, parts.mode, parts.step, *parts.places, parts.operand, 1, parts.nesting + 1);
      }
    }
  } else if (traits_of(Py_TYPE(part)).iterator()) {
    visit_iterator(part, parts.mode, parts.step, *parts.places, parts.operand, 1, parts.nesting + 1);
  } else if (Py_IS_TYPE(part, &PyTupleIter_Type)) {
    // itertools.chain keeps its arguments in a tuple: the next step may open any of them.
    auto visit = [](PyObject* tuple, void* inner) {
      if (!PyTuple_CheckExact(tuple)) return 0;
      const Parts& p = *static_cast<Parts*>(inner);
      for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(tuple); ++i) {
        PyObject* item = PyTuple_GET_ITEM(tuple, i);
        if (item && !traits_of(Py_TYPE(item)).iterator()) add_whole(item, Mode::read, *p.places, p.operand);
      }
      return 0;
    };
    Py_TYPE(part)->tp_traverse(part, visit, context);
  }
  return 0;
}

void add(Places& places, const Place& place) {
  for (const Place& old : places.all()) {
    if (old.container == place.container && old.kind == place.kind && old.index == place.index) return;
  }
  places.add(place);
}

void visit_iterator(PyObject* iterator, Mode mode, bool step, Places& places, unsigned operand,
                    Py_ssize_t references, int nesting) {
  if (nesting > max_nesting) return;
  auto at = static_cast<std::uint16_t>(operand);
  ContainerKind kind = traits_of(Py_TYPE(iterator)).kind;
  // Another thread may hold the iterator too: moving it on is an access by itself.
  if (Py_REFCNT(iterator) > references)
    add(places, {.container = iterator, .mode = Mode::update, .operand = at});
  if (kind == ContainerKind::list_iterator) {
    Py_ssize_t index = 0;
    PyObject* list = iterated_list(iterator, index);
    if (!list) return;
    Place place{.container = list, .mode = mode, .operand = at};
    if (step && index >= 0) {
      place.kind = PlaceKind::index;
      place.index = index;
    }
    add(places, place);
  } else if (kind == ContainerKind::plain_iterator) {
    PyObject* container = iterated_container(iterator);
    if (container && traits_of(Py_TYPE(container)).mutable_container()) {
      add(places, {.container = container, .mode = mode, .operand = at});
    }
  } else if (kind == ContainerKind::chain_iterator && Py_TYPE(iterator)->tp_traverse) {
    Parts parts{iterator, mode, step, &places, operand, nesting};
    Py_TYPE(iterator)->tp_traverse(iterator, visit_part, &parts);
  }
}

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
      if (!place.container) return;
      break;
    case ContainerKind::memory_view:
      place.container = PyMemoryView_GET_BUFFER(object)->obj;
      if (!place.container || !traits_of(Py_TYPE(place.container)).mutable_container()) return;
      break;
    case ContainerKind::list_iterator:
    case ContainerKind::plain_iterator:
    case ContainerKind::chain_iterator:
    case ContainerKind::generator:
    case ContainerKind::counter:
      return visit_iterator(object, Mode::read, false, places, operand, references, 0);
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
  visit_iterator(iterator, Mode::read, true, places, operand, references, 0);
  return places.empty() ? Finding::quiet : Finding::visible;
}

int on_iteration(Site& site, PyObject* operand) {
  PyTypeObject* type = Py_TYPE(operand);
  if (quiet_before(site, type)) return 0;
  // The stack and the hook's operand hold it.
  constexpr Py_ssize_t references = 2;
  Places places;
  Finding finding;
  const char* label = "iterate";
  if (site.kind == SiteKind::make_iterator) {
    finding = make_iterator(operand, places, 1);
  } else if (site.kind == SiteKind::next_item) {
    label = "next";
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
