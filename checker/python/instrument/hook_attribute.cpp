// Attributes: of instances, classes and modules; getattr() and friends.
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <structmember.h>

#include <string_view>

#include "checker/python/instrument/hook_internal.h"

namespace raddle::python {
namespace {

Place attribute_of(PyObject* container, PyObject* name, Mode mode, unsigned operand) {
  return {.container = container,
          .key = name,
          .kind = PlaceKind::attribute,
          .mode = mode,
          .operand = static_cast<std::uint16_t>(operand)};
}

bool is_dunder(PyObject* name) {
  Py_ssize_t length = PyUnicode_GET_LENGTH(name);
  return length > 4 && PyUnicode_READ_CHAR(name, 0) == '_' && PyUnicode_READ_CHAR(name, 1) == '_' &&
         PyUnicode_READ_CHAR(name, length - 1) == '_' && PyUnicode_READ_CHAR(name, length - 2) == '_';
}

/// A read that finds nothing: any object that the lookup goes through may get the attribute.
void add_absent(PyObject* object, PyTypeObject* type, PyObject* name, const NameFacts& facts, Places& places,
                unsigned operand) {
  places.add(attribute_of(object, name, Mode::read, operand));
  PyObject* mro = type->tp_mro;
  for (Py_ssize_t i = 0; facts.written_attribute && mro && i < PyTuple_GET_SIZE(mro); ++i) {
    PyObject* base = PyTuple_GET_ITEM(mro, i);
    bool can_change = !(reinterpret_cast<PyTypeObject*>(base)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE);
    if (can_change && base != object) places.add(attribute_of(base, name, Mode::read, operand));
  }
}

/// A read that ends in a class: it depends on the class that has the attribute and on those in front of it, the
/// instance included, not having it. The latter matter only if something assigns an attribute of this name.
void add_chain(PyObject* instance, PyTypeObject* type, PyObject* name, const NameFacts& facts, Places& places,
               unsigned operand) {
  PyObject* mro = type->tp_mro;
  PyTypeObject* owner = type;
  for (Py_ssize_t i = 0; mro && i < PyTuple_GET_SIZE(mro); ++i) {
    owner = reinterpret_cast<PyTypeObject*>(PyTuple_GET_ITEM(mro, i));
    if (find_in(owner->tp_dict, name)) break;
  }
  auto add = [&](PyObject* container) { places.add(attribute_of(container, name, Mode::read, operand)); };
  add(reinterpret_cast<PyObject*>(owner));
  if (!facts.written_attribute) return;
  if (instance) add(instance);
  for (Py_ssize_t i = 0;
       mro && i < PyTuple_GET_SIZE(mro) && PyTuple_GET_ITEM(mro, i) != reinterpret_cast<PyObject*>(owner);
       ++i) {
    add(PyTuple_GET_ITEM(mro, i));
  }
}

/// Something in a class that a program defines once: a function of any kind, a nested class, a descriptor in C.
bool is_class_definition(PyObject* value, PyObject* name) {
  PyTypeObject* type = Py_TYPE(value);
  if (is_definition(value) || is_dunder(name)) return true;
  if (!type->tp_descr_get) return false;
  return type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE ||
         implementation_of(type, names.get) != Implementation::foreign;
}

/// Reading through a data descriptor.
Finding read_descriptor(PyObject* object, PyObject* descriptor, PyObject* name, Places& places,
                        unsigned operand) {
  PyTypeObject* type = Py_TYPE(descriptor);
  bool visible = true;
  if (type == &PyMemberDescr_Type && name == names.dict && is_namespace(object)) {
    hook_state.sink->alias(viewed_dict(object), object);
    return Finding::quiet;
  }
  if (PyType_IsSubtype(type, &PyProperty_Type)) {
    PyObject* getter = property_part(descriptor, PropertyPart::getter);
    visible = getter && implementation_of(getter) == Implementation::foreign;
  } else if (type == &PyMemberDescr_Type) {
    visible = !(reinterpret_cast<PyMemberDescrObject*>(descriptor)->d_member->flags & READONLY);
  } else if (type == &PyGetSetDescr_Type) {
    if (name == names.dict) {
      PyObject** dict = _PyObject_GetDictPtr(object);
      if (dict && *dict) hook_state.sink->alias(*dict, object);
      if (!facts_of(name).written_attribute) return Finding::quiet;
      places.add(attribute_of(object, name, Mode::read, operand));
      return Finding::visible;
    }
    visible = !is_dunder(name) && reinterpret_cast<PyGetSetDescrObject*>(descriptor)->d_getset->set;
  } else {
    Implementation get = implementation_of(type, names.get);
    visible = get == Implementation::foreign;
  }
  if (!visible) return Finding::quiet_by_type;
  places.add(attribute_of(object, name, Mode::read, operand));
  return Finding::plain_by_type;
}

/// The program gets hold of the attributes of a class as a mapping.
void alias_class(PyTypeObject* type) {
  if (!(type->tp_flags & Py_TPFLAGS_IMMUTABLETYPE))
    hook_state.sink->alias(type->tp_dict, reinterpret_cast<PyObject*>(type));
}

Finding read_class(PyObject* object, PyObject* name, const NameFacts& facts, Places& places,
                   unsigned operand) {
  auto* type = reinterpret_cast<PyTypeObject*>(object);
  PyObject* of_metaclass = _PyType_Lookup(Py_TYPE(object), name);
  if (name == names.dict) alias_class(type);
  if (of_metaclass && Py_TYPE(of_metaclass)->tp_descr_set) return Finding::quiet;  // __name__, __dict__, ...
  PyObject* value = _PyType_Lookup(type, name);
  if (!value && of_metaclass && !(Py_TYPE(object)->tp_flags & Py_TPFLAGS_IMMUTABLETYPE) &&
      (facts.written_attribute || !is_class_definition(of_metaclass, name))) {
    // The metaclass is to the class what a class is to its instance.
    add_chain(nullptr, Py_TYPE(object), name, facts, places, operand);
    if (facts.written_attribute) add_absent(object, type, name, facts, places, operand);
    return Finding::visible;
  }
  // An instance that its own class holds is a member of an enumeration.
  bool definition = value && (Py_TYPE(value) == type || is_class_definition(value, name));
  if (value ? definition && !facts.written_attribute : of_metaclass != nullptr) {
    return Finding::quiet_by_type;
  }
  if (value) {
    add_chain(nullptr, type, name, facts, places, operand);
  } else {
    add_absent(object, type, name, facts, places, operand);
  }
  return Finding::visible;
}

Finding read_module(PyObject* module, PyObject* name, const NameFacts& facts, Places& places,
                    unsigned operand) {
  PyObject* dict = PyModule_GetDict(module);
  if (!facts.written_global) {
    if (hook_state.only_written) return Finding::quiet;
    PyObject* value = find_in(dict, name);
    if (value && is_definition(value)) return Finding::quiet;
    if (!value && _PyType_Lookup(Py_TYPE(module), name)) return Finding::quiet;  // __dict__, __class__
  }
  places.add({.container = dict,
              .key = name,
              .kind = PlaceKind::global,
              .operand = static_cast<std::uint16_t>(operand)});
  return Finding::visible;
}

/// For types whose attributes are not looked up in the ordinary way. Returns false when the ordinary way applies.
bool read_unusual(PyObject*& object, PyObject* name, Places& places, unsigned operand, Finding& finding) {
  PyTypeObject* type = Py_TYPE(object);
  if (PyWeakref_CheckProxy(object)) {
    object = PyWeakref_GET_OBJECT(object);
    return false;
  }
  PyObject* custom = _PyType_Lookup(type, names.getattribute);
  if (!custom) return false;
  if (Py_IS_TYPE(custom, &PyWrapperDescr_Type)) {
    if (PyDescr_TYPE(custom) == &PyBaseObject_Type) return false;  // only a __getattr__ behind it
    PyObject* found = _PyType_Lookup(type, name);
    if (type == &PySuper_Type || (found && is_class_definition(found, name))) {
      finding = Finding::quiet_by_type;
      return true;
    }
  } else if (implementation_of(custom) == Implementation::instrumented) {
    finding = Finding::quiet_by_type;
    return true;
  }
  places.add(attribute_of(object, name, Mode::read, operand));
  finding = Finding::visible;
  return true;
}

/// o.__dict__ = d: all attributes are other ones.
Finding write_dict(PyObject* object, Places& places, unsigned operand) {
  Ref dict = Py_TYPE(object)->tp_dictoffset ? Ref::take(PyObject_GenericGetDict(object, nullptr)) : Ref();
  if (!dict) {
    PyErr_Clear();
    return Finding::quiet;
  }
  hook_state.sink->alias(dict.get(), object);
  places.add(attribute_of(object, names.dict, Mode::write, operand));
  places.add({.container = dict.get(), .mode = Mode::write, .operand = static_cast<std::uint16_t>(operand)});
  return Finding::visible;
}

/// Does the program give objects another class? Then that is read with each attribute.
bool classes_change() {
  static NameFacts& facts = facts_of(names.type);
  return facts.written_attribute;
}

}  // namespace

Finding read_attribute(PyObject* object, PyObject* name, NameFacts& facts, Places& places, unsigned operand,
                       Lookup lookup) {
  if (PyModule_Check(object)) return read_module(object, name, facts, places, operand);
  if (PyType_Check(object) && lookup == Lookup::full) return read_class(object, name, facts, places, operand);
  if (traits_of(Py_TYPE(object)).ignored) return Finding::quiet_by_type;
  if (lookup == Lookup::full && Py_TYPE(object)->tp_getattro != PyObject_GenericGetAttr) {
    Finding finding;
    if (read_unusual(object, name, places, operand, finding)) return finding;
    if (object == Py_None) return Finding::quiet;  // a proxy of nothing
  }
  PyTypeObject* type = Py_TYPE(object);
  PyObject* found = _PyType_Lookup(type, name);
  if (found && Py_TYPE(found)->tp_descr_set) return read_descriptor(object, found, name, places, operand);
  if (found && !facts.written_attribute && is_class_definition(found, name)) return Finding::quiet_by_type;

  if (instance_value(object, name)) {
    places.add(attribute_of(object, name, Mode::read, operand));
    if (!found) return Finding::plain_by_type;
  } else if (!found) {
    add_absent(object, type, name, facts, places, operand);
  } else if (Py_TYPE(found)->tp_descr_get &&
             implementation_of(Py_TYPE(found), names.get) == Implementation::foreign) {
    // functools.cached_property: computes the value and keeps it in the instance.
    places.add(attribute_of(object, name, Mode::update, operand));
  } else {
    add_chain(object, type, name, facts, places, operand);
  }
  return Finding::visible;
}

Finding write_attribute(PyObject* object, PyObject* name, bool deletes, Places& places, unsigned operand,
                        Lookup lookup) {
  if (PyModule_Check(object)) {
    places.add({.container = PyModule_GetDict(object),
                .key = name,
                .kind = PlaceKind::global,
                .mode = Mode::write,
                .operand = static_cast<std::uint16_t>(operand)});
    return Finding::visible;
  }
  PyTypeObject* type = Py_TYPE(object);
  if (traits_of(type).ignored) return Finding::quiet_by_type;
  if (PyWeakref_CheckProxy(object)) {
    object = PyWeakref_GET_OBJECT(object);
    type = Py_TYPE(object);
  }
  if (!PyType_Check(object)) {
    if (lookup == Lookup::full && type->tp_setattro != PyObject_GenericSetAttr &&
        implementation_of(type, deletes ? names.delattr : names.setattr) == Implementation::instrumented) {
      return Finding::quiet_by_type;
    }
    PyObject* found = _PyType_Lookup(type, name);
    if (found && Py_TYPE(found)->tp_descr_set) {
      Implementation by = Implementation::c;
      if (PyType_IsSubtype(Py_TYPE(found), &PyProperty_Type)) {
        PyObject* setter = property_part(found, deletes ? PropertyPart::deleter : PropertyPart::setter);
        by = setter ? implementation_of(setter) : Implementation::missing;
      } else if (Py_TYPE(found) != &PyMemberDescr_Type && Py_TYPE(found) != &PyGetSetDescr_Type) {
        by = implementation_of(Py_TYPE(found), deletes ? names.erase : names.set);
      }
      if (by == Implementation::instrumented || by == Implementation::missing) return Finding::quiet_by_type;
      if (name == names.dict && Py_TYPE(found) == &PyGetSetDescr_Type)
        return write_dict(object, places, operand);
    }
  }
  places.add(attribute_of(object, name, Mode::write, operand));
  return PyType_Check(object) ? Finding::visible : Finding::plain_by_type;
}

void take_dict(PyObject* object, PyObject* dict, Places& places) {
  if (!PyDict_Check(dict)) return;
  if (dict != object) hook_state.sink->replaces_dict(object);
  places.add({.container = dict, .mode = Mode::write});  // as what it was so far
  hook_state.sink->alias(dict, object);
}

void note_dynamic_write(PyObject* object, NameFacts& facts) {
  if (!hook_state.concurrent) return;
  establish(PyModule_Check(object) ? facts.written_global : facts.written_attribute);
}

/// Reads an attribute of an object whose class may change, without any memory of what was quiet.
static int on_changing_class(Site& site, PyObject* object) {
  Places found, places;
  read_attribute(object, site.name, *site.facts, found, 1);
  // What the class holds is another place when it has changed: so it is one only if somebody writes there.
  for (const Place& place : found.all()) {
    if (place.container == object || site.facts->written_attribute) places.add(place);
  }
  places.add(attribute_of(object, names.type, Mode::read, 1));
  return report(site, places, "read");
}

int on_attribute(Site& site, PyObject* object) {
  PyTypeObject* type = Py_TYPE(object);
  bool stores = site.kind == SiteKind::store_attribute;
  bool writes = stores || site.kind == SiteKind::delete_attribute;
  const char* label = stores ? "write" : writes ? "delete" : "read";
  if (classes_change() && !writes && !PyType_Check(object) && type->tp_flags & Py_TPFLAGS_HEAPTYPE)
      [[unlikely]]
    return on_changing_class(site, object);
  if (type->tp_version_tag == site.plain_type && site.plain_type != 0 &&
      (!site.plain_if_there || instance_value(object, site.name))) {
    return report(site, attribute_of(object, site.name, writes ? Mode::write : Mode::read, 1), label,
                  stores ? stack_end(site)[-2] : nullptr);
  }
  if (hook_state.watches && writes && traits_of(type).ignored) [[unlikely]]
    hook_state.sink->unknown();
  if (quiet_before(site, type)) return 0;
  bool same_epoch = site.quiet_epoch == visibility_epoch();
  bool is_class = PyType_Check(object);
  if (is_class && same_epoch && site.quiet_other_type != 0 &&
      site.quiet_other_type == reinterpret_cast<PyTypeObject*>(object)->tp_version_tag) {
    return 0;
  }
  bool is_module = PyModule_Check(object);
  auto module_version = [&] {
    return reinterpret_cast<PyDictObject*>(PyModule_GetDict(object))->ma_version_tag;
  };
  if (is_module && same_epoch && site.quiet_dict != 0 && site.quiet_dict == module_version()) return 0;

  Places places;
  Finding finding;
  if (writes) {
    finding = write_attribute(object, site.name, !stores, places, 1);
    if (stores && site.name == names.dict && is_visible(finding))
      take_dict(object, stack_end(site)[-2], places);
    if (is_module) note_dynamic_write(object, *site.facts);
  } else {
    finding = read_attribute(object, site.name, *site.facts, places, 1);
  }
  // A proxy's place is another object.
  if (finding == Finding::plain_by_type && places.all().front().container == object) {
    site.plain_type = type->tp_version_tag;
    site.plain_if_there = !writes && !_PyType_Lookup(type, site.name);
  }
  if (is_visible(finding)) return report(site, places, label, stores ? stack_end(site)[-2] : nullptr);
  if (is_module) {
    start_epoch(site);
    site.quiet_dict = module_version();
  } else if (finding == Finding::quiet_by_type && is_class) {
    start_epoch(site);
    site.quiet_other_type = reinterpret_cast<PyTypeObject*>(object)->tp_version_tag;
  } else if (finding == Finding::quiet_by_type) {
    remember_quiet(site, type);
  }
  return 0;
}

}  // namespace raddle::python
