#include "checker/python/labels.h"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "checker/engine/recorder.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/object_names.h"
#include "checker/python/patch.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"
#include "checker/python/user_code.h"
#include "checker/python/values.h"

namespace raddle::python {
namespace {

std::unordered_set<engine::ObjectId> described;

// What nothing else names: the conditions of futures, by their locks, and what those are called.
std::unordered_map<const LockObject*, std::pair<Ref, std::string>> futures;

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }

std::string text_of(PyObject* string) {
  const char* text = PyUnicode_AsUTF8(string);
  if (!text) PyErr_Clear();
  return text ? text : "?";
}

std::string class_of(const Place& place) {
  PyTypeObject* type = PyType_Check(place.container) ? reinterpret_cast<PyTypeObject*>(place.container)
                                                     : Py_TYPE(place.container);
  return std::string(last_part(type->tp_name));
}

// What a container is called in this execution: as where it was met first, wherever it is used from.
std::unordered_map<std::uint64_t, std::string> containers;

// As the source calls the container at this place.
std::string container_text(const Access& access, std::size_t index) {
  Place whole = access.places[index];
  whole.kind = PlaceKind::whole;
  Access there = access;
  there.places = {&whole, 1};
  return describe(there);
}

const std::string& container_label(const Access& access, std::size_t index) {
  const Place& place = access.places[index];
  std::string& label = containers[container_of(place)];
  if (!label.empty()) return label;
  if (place.kind == PlaceKind::attribute) return label = class_of(place) + ".__dict__";
  if (place.kind == PlaceKind::global) return label = "globals()";
  return label = container_text(access, index);
}

// Attributes are called after their class, so that the label is the same wherever the object is used from.
std::string label_of(const Access& access, std::size_t index) {
  const Place& place = access.places[index];
  switch (place.kind) {
    case PlaceKind::attribute: return class_of(place) + '.' + text_of(place.key);
    case PlaceKind::whole: return container_label(access, index);
    case PlaceKind::item:
    case PlaceKind::index:
      return container_label(access, index) +
             describe(access, index).substr(container_text(access, index).size());
    case PlaceKind::life:
    case PlaceKind::global:
    case PlaceKind::cell: break;
  }
  return describe(access, index);
}

const char* kind_of(const Place& place) {
  switch (place.kind) {
    case PlaceKind::attribute: return "attribute";
    case PlaceKind::item:
    case PlaceKind::index: return "item";
    case PlaceKind::whole: return "container";
    case PlaceKind::life:
    case PlaceKind::global:
    case PlaceKind::cell: return "variable";
  }
  return "variable";
}

// An object that stands for several locations.
struct Union {
  std::vector<std::uint64_t> locations;
  std::vector<std::string> labels;  // of the first few
  std::uint64_t container = 0;
  bool one_container = true;

  bool add(std::uint64_t location, const std::string& label, std::uint64_t its_container) {
    if (std::find(locations.begin(), locations.end(), location) != locations.end()) return false;
    if (locations.empty()) container = its_container;
    one_container &= its_container == container;
    locations.push_back(location);
    labels.push_back(label);
    return true;
  }

  std::string text() const {
    constexpr std::size_t kMost = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(labels.size(), kMost); ++i) text += (i ? ", " : "") + labels[i];
    return labels.size() > kMost ? text + ", ..." : text;
  }
};
std::unordered_map<engine::ObjectId, Union> unions;

}  // namespace

void describe_location(engine::ObjectId id, const Access& access, const Touched& touched) {
  const Place& place = access.places[touched.place];
  const bool whole = touched.whole && !touched.inside;
  const char* kind = whole ? "container" : kind_of(place);
  const std::string label = whole ? container_label(access, touched.place) : label_of(access, touched.place);
  if (described.insert(id).second) runtime.engine->recorder()->object(id, kind, label);
  if (!location(touched.location).united) return;
  Union& parts = unions[id];
  if (!parts.add(touched.location, label, container_of(place))) return;
  runtime.engine->recorder()->object(
      id, parts.one_container ? "container" : kind,
      parts.one_container && parts.labels.size() > 1 ? container_label(access, touched.place) : parts.text());
}

std::string part_of_object(const Access& access, const Touched& touched) {
  if (touched.inside) return {};
  const bool several = touched.whole || location(touched.location).united;
  return several ? label_of(access, touched.place) : std::string();
}

namespace {

constexpr int kDepth = 3;
constexpr Py_ssize_t kItems = 64;

void describe_object(engine::ObjectId id, const char* kind, const std::string& name) {
  if (described.insert(id).second) runtime.engine->recorder()->object(id, kind, name);
}

// A lock, or an object of the library around one. Is it one?
bool describe_primitive(PyObject* value, const std::string& name) {
  const char* kind = "lock";
  LockObject* lock = is_lock(value) ? reinterpret_cast<LockObject*>(value) : inner_lock(value, kind);
  if (!lock) return false;
  if (lock->role > LockRole::Inner) return true;
  const std::string_view known = kind;
  PyObject* waiters = known == "condition" ? value
                      : known == "barrier" ? instance_value(value, strings.cond)
                                           : nullptr;
  describe_object(object_of(lock), known == "condition" ? "lock" : kind, name);
  if (waiters) describe_object(runtime.engine->named_object(name_of(waiters)), "condition", name);
  return true;
}

// What objects of the library keep their primitives in: thread pools, futures, timers.
void describe_parts(PyObject* object, const std::string& name) {
  static PyObject* const parts[] = {interned_name("_work_queue"), interned_name("_idle_semaphore"),
                                    interned_name("_shutdown_lock"), interned_name("_condition"),
                                    interned_name("finished")};
  for (PyObject* part : parts)
    if (PyObject* value = instance_value(object, part)) describe_primitive(value, name + '.' + text_of(part));
}

void describe_value(PyObject* value, const std::string& name, int depth);

template <class NameOf>
void describe_items(PyObject* dict, NameOf name_of_item, int depth) {
  PyObject *key, *item;
  Py_ssize_t position = 0, count = 0;
  while (PyDict_Next(dict, &position, &key, &item) && count++ < kItems)
    if (!is_plain(item)) describe_value(item, name_of_item(key), depth + 1);
}

void describe_value(PyObject* value, const std::string& name, int depth) {
  if (is_plain(value) || depth > kDepth || describe_primitive(value, name)) return;
  if (PyList_CheckExact(value) || PyTuple_CheckExact(value)) {
    PyObject** items = PySequence_Fast_ITEMS(value);
    for (Py_ssize_t i = 0; i < std::min(PySequence_Fast_GET_SIZE(value), kItems); ++i)
      describe_value(items[i], name + '[' + std::to_string(i) + ']', depth + 1);
  } else if (PyDict_CheckExact(value)) {
    describe_items(
        value, [&](PyObject* key) { return name + '[' + show_value(key) + ']'; }, depth);
  } else if (PyType_Check(value) && is_user_type(reinterpret_cast<PyTypeObject*>(value))) {
    auto* type = reinterpret_cast<PyTypeObject*>(value);
    describe_items(
        type->tp_dict,
        [&](PyObject* key) { return std::string(last_part(type->tp_name)) + '.' + text_of(key); }, depth);
  } else if (Py_TYPE(value)->tp_flags & Py_TPFLAGS_HEAPTYPE && !PyType_Check(value) &&
             !is_user_type(Py_TYPE(value))) {
    describe_parts(value, name);
  }
}

bool stands_for(PyObject* value, const LockObject* lock) {
  const char* kind = nullptr;
  return reinterpret_cast<PyObject*>(const_cast<LockObject*>(lock)) == value ||
         inner_lock(value, kind) == lock;
}

}  // namespace

void describe_lock(const Access& access) {
  if (runtime.engine->recorder()) describe_value(access.value, label_of(access, 0), 0);
}

void describe_future(PyObject* future, PyObject* function, const engine::Site& site) {
  if (!runtime.engine->recorder()) return;
  static PyObject* const condition_name = interned_name("_condition");
  const char* kind = nullptr;
  PyObject* condition = instance_value(future, condition_name);
  LockObject* lock = condition ? inner_lock(condition, kind) : nullptr;
  if (!lock) return;
  std::string name = PyFunction_Check(function)
                         ? text_of(reinterpret_cast<PyFunctionObject*>(function)->func_name)
                         : std::string(last_part(Py_TYPE(function)->tp_name));
  name = "the future of submit(" + name + ')';
  if (site.line > 0) name += " at :" + std::to_string(site.line);
  futures[lock] = {Ref::share(condition), std::move(name)};
}

void describe_own(PyObject* primitive, const std::string& name) {
  if (runtime.engine && runtime.engine->recorder()) describe_primitive(primitive, name);
}

void describe_use(LockObject* lock) {
  if (!runtime.engine->recorder() || described.contains(object_of(lock))) return;
  for (const _PyInterpreterFrame* frame = current_frame(); frame; frame = frame->previous) {
    PyCodeObject* code = frame->f_code;
    if (!code || !is_users_code(reinterpret_cast<PyObject*>(code))) continue;
    for (int i = 0; i < code->co_nlocalsplus; ++i) {
      PyObject* value = frame->localsplus[i];
      if (value && PyCell_Check(value)) value = PyCell_GET(value);
      if (!value || !stands_for(value, lock)) continue;
      describe_primitive(value, text_of(PyTuple_GET_ITEM(code->co_localsplusnames, i)));
      return;
    }
  }
  if (auto future = futures.find(lock); future != futures.end())
    describe_primitive(future->second.first.get(), future->second.second);
}

void reset_labels() {
  described.clear();
  futures.clear();
  containers.clear();
  unions.clear();
}

}  // namespace raddle::python
