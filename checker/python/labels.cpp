#include "checker/python/labels.h"

#include <string>
#include <unordered_set>

#include "checker/engine/recorder.h"
#include "checker/python/object_names.h"
#include "checker/python/primitives.h"

namespace raddle::python {
namespace {

std::unordered_set<engine::ObjectId> described;

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string text_of(PyObject* string) {
  const char* text = PyUnicode_AsUTF8(string);
  if (!text) PyErr_Clear();
  return text ? text : "?";
}

// Attributes are called after their class, so that the label is the same wherever the object is used from.
std::string label_of(const Access& access, std::size_t index) {
  const Place& place = access.places[index];
  if (place.kind != PlaceKind::attribute) return describe(access, index);
  PyTypeObject* type = PyType_Check(place.container) ? reinterpret_cast<PyTypeObject*>(place.container)
                                                     : Py_TYPE(place.container);
  return std::string(last_part(type->tp_name)) + '.' + text_of(place.key);
}

const char* kind_of(const Place& place) {
  switch (place.kind) {
    case PlaceKind::attribute: return "attribute";
    case PlaceKind::item:
    case PlaceKind::index: return "item";
    case PlaceKind::whole: return "container";
    case PlaceKind::global:
    case PlaceKind::cell: return "variable";
  }
  return "variable";
}

}  // namespace

void describe_location(engine::ObjectId id, const Access& access, std::size_t place) {
  if (described.insert(id).second)
    runtime.engine->recorder()->object(id, kind_of(access.places[place]), label_of(access, place));
}

void describe_lock(const Access& access) {
  if (!runtime.engine->recorder()) return;
  const char* kind = "lock";
  LockObject* lock =
      is_lock(access.value) ? reinterpret_cast<LockObject*>(access.value) : inner_lock(access.value, kind);
  if (!lock || lock->role > LockRole::Inner) return;
  const engine::ObjectId id = object_of(lock);
  if (described.insert(id).second) runtime.engine->recorder()->object(id, kind, label_of(access, 0));
  if (kind != std::string_view("condition")) return;
  const engine::ObjectId waiters = runtime.engine->named_object(name_of(access.value));
  if (described.insert(waiters).second)
    runtime.engine->recorder()->object(waiters, kind, label_of(access, 0));
}

void reset_labels() { described.clear(); }

}  // namespace raddle::python
