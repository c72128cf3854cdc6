// Items of containers: o[k], o[k] = v, del o[k], k in o.
#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

PyObject* special_name(ItemUse use) {
  return use == ItemUse::read ? names.getitem : use == ItemUse::write ? names.setitem : names.delitem;
}

bool is_sequence(ContainerKind kind) {
  return kind == ContainerKind::list || kind == ContainerKind::deque || kind == ContainerKind::byte_array ||
         kind == ContainerKind::array;
}

/// The location of one item, or the whole where the key does not say which item it is.
Place item_place(PyObject* container, ContainerKind kind, PyObject* key, Mode mode) {
  Place place{.container = container, .mode = mode};
  if (is_sequence(kind)) {
    // A negative index depends on the length, so on everything that changes it.
    if (!PyLong_Check(key)) return place;
    Py_ssize_t index = PyLong_AsSsize_t(key);
    if (index == -1) PyErr_Clear();
    if (index < 0) return place;
    place.kind = PlaceKind::index;
    place.index = index;
  } else if (kind == ContainerKind::foreign ? PyUnicode_CheckExact(key) : is_plain_key(key)) {
    // (Whether a container in Python has keys or indices is not to be seen from outside.)
    place.kind = PlaceKind::item;
    place.key = key;
  }
  return place;
}

/// Does reading a missing key of this dict put it there, as defaultdict does? (Whether it is missing may have changed when
/// it is read.)
bool read_inserts(PyObject* dict) {
  return !PyDict_CheckExact(dict) && implementation_of(Py_TYPE(dict), names.missing) == Implementation::c;
}

/// Not negative, and of one digit (below 2 ** 30).
bool is_small_index(PyObject* key) {
  return PyLong_CheckExact(key) && (Py_SIZE(key) == 0 || Py_SIZE(key) == 1);
}

Mode mode_of(ItemUse use) { return use == ItemUse::read ? Mode::read : Mode::write; }

}  // namespace

bool is_plain_key(PyObject* key) {
  PyTypeObject* type = Py_TYPE(key);
  if (type == &PyUnicode_Type || type == &PyLong_Type || type == &PyFloat_Type || type == &PyBool_Type ||
      type == &PyBytes_Type || type == &PyComplex_Type || key == Py_None) {
    return true;
  }
  if (type == &PyTuple_Type || type == &PyFrozenSet_Type) {
    Ref items = type == &PyTuple_Type ? Ref::share(key) : Ref::take(PySequence_Tuple(key));
    if (!items) {
      PyErr_Clear();
      return false;
    }
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items.get()); ++i) {
      if (!is_plain_key(PyTuple_GET_ITEM(items.get(), i))) return false;
    }
    return true;
  }
  // Compared by identity, hashed accordingly.
  return type->tp_richcompare == PyBaseObject_Type.tp_richcompare &&
         type->tp_hash == PyBaseObject_Type.tp_hash;
}

Finding use_item(PyObject* container, PyObject* key, ItemUse use, Places& places, unsigned operand) {
  PyTypeObject* type = Py_TYPE(container);
  const TypeTraits& traits = traits_of(type);
  if (traits.plain || traits.ignored || PyTuple_Check(container)) return Finding::quiet_by_type;
  Mode mode = mode_of(use);
  ContainerKind kind = traits.kind;
  if (type == &PyDictProxy_Type) {
    PyObject* dict = viewed_dict(container);
    return dict ? use_item(dict, key, use, places, operand) : Finding::quiet;
  }
  if (kind == ContainerKind::memory_view) {
    PyObject* owner = memory_owner(container);
    if (!owner || !traits_of(Py_TYPE(owner)).mutable_container()) return Finding::quiet;
    places.add({.container = owner, .mode = mode, .operand = static_cast<std::uint16_t>(operand)});
    return Finding::visible;
  }
  bool exact = type == &PyList_Type || type == &PyDict_Type;
  Implementation by = exact ? Implementation::c : implementation_of(type, special_name(use));
  if (by == Implementation::instrumented) return Finding::quiet_by_type;
  if (!traits.mutable_container() && kind != ContainerKind::foreign) {
    bool string = type->tp_flags & (Py_TPFLAGS_UNICODE_SUBCLASS | Py_TPFLAGS_BYTES_SUBCLASS);
    if (by == Implementation::missing || string) return Finding::quiet_by_type;
    // Built in and unknown, or Python code that does not report: one access to the object.
    places.add({.container = container, .mode = mode, .operand = static_cast<std::uint16_t>(operand)});
    return Finding::visible;
  }
  Place place = item_place(container, kind, key, mode);
  if (use == ItemUse::erase && is_sequence(kind)) place = {.container = container, .mode = Mode::write};
  if (use == ItemUse::read && kind == ContainerKind::dict && read_inserts(container))
    place.mode = Mode::update;
  place.operand = static_cast<std::uint16_t>(operand);
  places.add(place);
  return Finding::visible;
}

Finding test_membership(PyObject* container, PyObject* key, Places& places, unsigned operand,
                        Py_ssize_t references) {
  PyTypeObject* type = Py_TYPE(container);
  const TypeTraits& traits = traits_of(type);
  if (traits.plain || traits.ignored) return Finding::quiet_by_type;
  // Compared with a container, the items are looked into, and so is it.
  const Depth depth = holds_containers(key) ? Depth::deep : Depth::shallow;
  if (PyTuple_Check(container)) {
    if (depth != Depth::shallow) {
      add_whole(container, Mode::read, places, operand, 1, Depth::deep);
      add_whole(key, Mode::read, places, 0, 1, Depth::deep);
    }
    return places.empty() ? Finding::quiet : Finding::visible;
  }
  Place place{.container = container, .operand = static_cast<std::uint16_t>(operand)};
  ContainerKind kind = traits.kind;
  if (kind == ContainerKind::view &&
      (Py_IS_TYPE(container, &PyDictKeys_Type) || Py_IS_TYPE(container, &PyODictKeys_Type) ||
       Py_IS_TYPE(container, &PyDictProxy_Type))) {
    place.container = viewed_dict(container);
    if (!place.container) return Finding::quiet;
    place.indirect = true;
    kind = ContainerKind::dict;
  }
  if (kind == ContainerKind::dict || kind == ContainerKind::set || kind == ContainerKind::foreign) {
    bool exact = type == &PyDict_Type || type == &PySet_Type;
    if (!exact && implementation_of(type, names.contains) == Implementation::instrumented)
      return Finding::quiet_by_type;
    Place item = item_place(place.container, kind, key, Mode::read);
    item.operand = place.operand;
    item.indirect = place.indirect;
    places.add(item);
    return Finding::visible;
  }
  if (kind == ContainerKind::none) {
    Implementation by = implementation_of(type, names.contains);
    if (by == Implementation::missing) by = implementation_of(type, names.iter);
    if (by != Implementation::foreign) return Finding::quiet_by_type;
    places.add(place);
    return Finding::visible;
  }
  add_whole(container, Mode::read, places, operand, references, depth);
  if (depth != Depth::shallow) add_whole(key, Mode::read, places, 0, 1, Depth::deep);
  return places.empty() ? Finding::quiet : Finding::visible;
}

int on_item(Site& site, PyObject* container) {
  PyTypeObject* type = Py_TYPE(container);
  if (quiet_before(site, type)) return 0;
  PyObject** end = stack_end(site);
  PyObject* key = end[-1];
  bool stores = site.kind == SiteKind::store_item, deletes = site.kind == SiteKind::delete_item;
  ItemUse use = stores ? ItemUse::write : deletes ? ItemUse::erase : ItemUse::read;
  const char* label = stores ? "write" : deletes ? "delete" : "read";
  PyObject* value = stores ? end[-3] : nullptr;

  Place place{.container = container, .mode = mode_of(use), .operand = 2};
  if (type == &PyDict_Type && PyUnicode_CheckExact(key)) {
    place.kind = PlaceKind::item;
    place.key = key;
    return report(site, place, label, value);
  }
  if (type == &PyList_Type && !deletes && is_small_index(key)) {
    place.kind = PlaceKind::index;
    place.index =
        Py_SIZE(key) == 0 ? 0 : static_cast<Py_ssize_t>(reinterpret_cast<PyLongObject*>(key)->ob_digit[0]);
    return report(site, place, label, value);
  }
  Places places;
  Finding finding = use_item(container, key, use, places, 2);
  // a[i:j] = b reads b as well.
  if (stores && finding == Finding::visible && PySlice_Check(key)) add_whole(value, Mode::read, places, 3);
  if (finding == Finding::visible) return report(site, places, label, value);
  if (finding == Finding::quiet_by_type) remember_quiet(site, type);
  return 0;
}

}  // namespace raddle::python
