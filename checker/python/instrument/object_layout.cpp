// Before all else: pycore_dict.h wants to be part of the core.
#define Py_BUILD_CORE 1
#include "checker/python/instrument/object_layout.h"

extern "C" {
#include "internal/pycore_dict.h"
}
#include <structmember.h>

#include <string_view>

#include "checker/python/instrument/reference.h"

namespace raddle::python {
namespace {

// These are private to CPython's sources. Only the fields up to the last one that is used here.
struct IndexIterator {  // list, reversed list, sequence, tuple, bytes, bytearray iterators
  PyObject head;
  Py_ssize_t index;
  PyObject* sequence;
};
struct ContainerIterator {  // dict, set: the container comes first
  PyObject head;
  PyObject* container;
};
struct Property {
  PyObject head;
  PyObject* parts[3];
};
struct MethodWrapper {
  PyObject head;
  PyObject* descriptor;
  PyObject* self;
};

PyDictValues* inline_values(PyObject* object) { return reinterpret_cast<PyDictValues**>(object)[-4]; }
PyObject* managed_dict(PyObject* object) { return reinterpret_cast<PyObject**>(object)[-3]; }

/// The first thing that an object shows its garbage collector, other than its type.
struct Finder {
  PyTypeObject* own_type;
  PyObject* found = nullptr;
};
int find(PyObject* referent, void* context) {
  auto& finder = *static_cast<Finder*>(context);
  if (!finder.found && referent != reinterpret_cast<PyObject*>(finder.own_type)) finder.found = referent;
  return 0;
}

}  // namespace

PyObject* instance_value(PyObject* object, PyObject* name) {
  PyTypeObject* type = Py_TYPE(object);
  PyObject* dict = nullptr;
  if (type->tp_flags & Py_TPFLAGS_MANAGED_DICT) {
    if (PyDictValues* values = inline_values(object)) {
      PyDictKeysObject* keys = reinterpret_cast<PyHeapTypeObject*>(type)->ht_cached_keys;
      PyDictUnicodeEntry* entries = DK_UNICODE_ENTRIES(keys);
      for (Py_ssize_t i = 0; i < keys->dk_nentries; ++i) {
        if (entries[i].me_key == name) return values->values[i];
      }
      return nullptr;
    }
    dict = managed_dict(object);
  } else if (type->tp_dictoffset != 0) {
    PyObject** pointer = _PyObject_GetDictPtr(object);
    dict = pointer ? *pointer : nullptr;
  }
  if (!dict) return nullptr;
  if (DK_IS_UNICODE(reinterpret_cast<PyDictObject*>(dict)->ma_keys)) {
    PyObject* value = PyDict_GetItemWithError(dict, name);
    if (!value) PyErr_Clear();
    return value;
  }
  // With other keys in it, a lookup may run their code.
  PyObject *key, *value;
  for (Py_ssize_t at = 0; PyDict_Next(dict, &at, &key, &value);) {
    if (key == name) return value;
  }
  return nullptr;
}

PyObject* slot_value(PyObject* object, PyObject* descriptor) {
  if (!Py_IS_TYPE(descriptor, &PyMemberDescr_Type)) return nullptr;
  const PyMemberDef* member = reinterpret_cast<PyMemberDescrObject*>(descriptor)->d_member;
  if (member->type != T_OBJECT_EX && member->type != T_OBJECT) return nullptr;
  return *reinterpret_cast<PyObject**>(reinterpret_cast<char*>(object) + member->offset);
}

PyObject* iterated_list(PyObject* iterator, Py_ssize_t& index) {
  if (!Py_IS_TYPE(iterator, &PyListIter_Type) && !Py_IS_TYPE(iterator, &PyListRevIter_Type)) return nullptr;
  auto* it = reinterpret_cast<IndexIterator*>(iterator);
  index = it->index;
  return it->sequence;
}

PyObject* iterated_container(PyObject* iterator) {
  PyTypeObject* type = Py_TYPE(iterator);
  if (type == &PyDictIterKey_Type || type == &PyDictIterValue_Type || type == &PyDictIterItem_Type ||
      type == &PyDictRevIterKey_Type || type == &PyDictRevIterValue_Type || type == &PyDictRevIterItem_Type ||
      type == &PySetIter_Type) {
    return reinterpret_cast<ContainerIterator*>(iterator)->container;
  }
  if (type == &PySeqIter_Type || type == &PyByteArrayIter_Type || type == &PyReversed_Type) {
    return reinterpret_cast<IndexIterator*>(iterator)->sequence;
  }
  std::string_view name = type->tp_name;
  if (type == &PyODictIter_Type || name == "_collections._deque_iterator" ||
      name == "_collections._deque_reverse_iterator" || name == "array.arrayiterator") {
    Finder finder{type};
    type->tp_traverse(iterator, find, &finder);
    return finder.found;
  }
  return nullptr;
}

static int keep(PyObject* part, void* out) {
  *static_cast<PyObject**>(out) = part;
  return 0;
}

PyObject* viewed_dict(PyObject* view) {
  PyTypeObject* type = Py_TYPE(view);
  if (type == &PyDictKeys_Type || type == &PyDictValues_Type || type == &PyDictItems_Type ||
      type == &PyODictKeys_Type || type == &PyODictValues_Type || type == &PyODictItems_Type) {
    return reinterpret_cast<PyObject*>(reinterpret_cast<_PyDictViewObject*>(view)->dv_dict);
  }
  if (is_namespace(view)) return *_PyObject_GetDictPtr(view);
  PyObject* mapping = nullptr;  // all that a proxy refers to
  if (type == &PyDictProxy_Type) type->tp_traverse(view, keep, &mapping);
  return mapping && PyDict_Check(mapping) ? mapping : nullptr;
}

PyObject* memory_owner(PyObject* view) {
  auto* memory = reinterpret_cast<PyMemoryViewObject*>(view);
  bool released = (memory->flags & _Py_MEMORYVIEW_RELEASED) != 0 ||
                  (memory->mbuf->flags & _Py_MANAGED_BUFFER_RELEASED) != 0;
  return released ? nullptr : memory->view.obj;
}

PyObject* property_part(PyObject* property, PropertyPart part) {
  PyObject* found = reinterpret_cast<Property*>(property)->parts[static_cast<int>(part)];
  return found == Py_None ? nullptr : found;
}

std::span<PyObject* const> generator_frame(PyObject* generator) {
  auto* object = reinterpret_cast<PyGenObject*>(generator);
  if (object->gi_frame_state >= FRAME_EXECUTING) return {};
  auto* frame = reinterpret_cast<_PyInterpreterFrame*>(object->gi_iframe);
  return {frame->localsplus, static_cast<std::size_t>(frame->stacktop)};
}

BoundSlot bound_slot(PyObject* method_wrapper) {
  auto* wrapper = reinterpret_cast<MethodWrapper*>(method_wrapper);
  return {wrapper->descriptor, wrapper->self};
}

int check_layouts() {
  static constexpr const char* source = R"(
class C:
    def get(self): pass
    def set(self, v): pass
    p = property(get, set)
class S:
    __slots__ = 'slot'
c = C(); c.x = value = object(); s = S(); s.slot = value
slot_method = s.__setattr__
l = [1, 2]; d = {1: 2}; t = {3}; b = bytearray(b'ab')
li = iter(l); next(li)
ri = reversed(l)
pairs = [(iter(d), d), (iter(d.values()), d), (iter(d.items()), d), (reversed(d), d), (iter(t), t), (iter(b), b)]
try:
    from _collections import OrderedDict, deque
    o = OrderedDict(d); q = deque(l)
    pairs += [(iter(o), o), (iter(q), q), (reversed(q), q)]
except ImportError:
    pass
)";
  Ref globals = Ref::take(PyDict_New());
  if (!globals || PyDict_SetItemString(globals.get(), "__builtins__", PyEval_GetBuiltins()) < 0) return -1;
  Ref run = Ref::take(PyRun_String(source, Py_file_input, globals.get(), globals.get()));
  if (!run) return -1;
  auto get = [&](const char* name) { return PyDict_GetItemString(globals.get(), name); };
  Ref x = Ref::take(PyUnicode_InternFromString("x"));
  Ref absent = Ref::take(PyUnicode_InternFromString("absent"));
  PyObject* class_dict = reinterpret_cast<PyTypeObject*>(get("C"))->tp_dict;
  PyObject* property = PyDict_GetItemString(class_dict, "p");
  PyObject* slot = PyDict_GetItemString(reinterpret_cast<PyTypeObject*>(get("S"))->tp_dict, "slot");
  Ref view = Ref::take(PyObject_CallMethod(get("d"), "keys", nullptr));
  Py_ssize_t forward = -1, backward = -1;
  bool good = instance_value(get("c"), x.get()) == get("value") && !instance_value(get("c"), absent.get()) &&
              slot_value(get("s"), slot) == get("value") && iterated_list(get("li"), forward) == get("l") &&
              forward == 1 && iterated_list(get("ri"), backward) == get("l") && backward == 1 && view &&
              viewed_dict(view.get()) == get("d") &&
              property_part(property, PropertyPart::getter) == PyDict_GetItemString(class_dict, "get") &&
              property_part(property, PropertyPart::setter) == PyDict_GetItemString(class_dict, "set") &&
              !property_part(property, PropertyPart::deleter) &&
              Py_IS_TYPE(get("slot_method"), &_PyMethodWrapper_Type) &&
              bound_slot(get("slot_method")).self == get("s") &&
              Py_IS_TYPE(bound_slot(get("slot_method")).descriptor, &PyWrapperDescr_Type);
  PyObject* pairs = get("pairs");
  for (Py_ssize_t i = 0; good && i < PyList_GET_SIZE(pairs); ++i) {
    PyObject* pair = PyList_GET_ITEM(pairs, i);
    good = iterated_container(PyTuple_GET_ITEM(pair, 0)) == PyTuple_GET_ITEM(pair, 1);
  }
  if (good) return 0;
  PyErr_Clear();
  PyErr_SetString(PyExc_RuntimeError, "this CPython lays its objects out differently from 3.11");
  return -1;
}

}  // namespace raddle::python
