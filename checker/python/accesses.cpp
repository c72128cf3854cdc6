#include "checker/python/accesses.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "checker/engine/recorder.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/containers.h"
#include "checker/python/instrument/name_facts.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/invariants.h"
#include "checker/python/labels.h"
#include "checker/python/object_names.h"
#include "checker/python/sites.h"
#include "checker/python/uncontrolled.h"
#include "checker/python/values.h"
#include "checker/python/weak_references.h"

namespace raddle::python {

/// The visible part of what a step touches.
struct Footprint {
  engine::Access entries[2] = {};
  Touched touched[2] = {};
  std::size_t size = 0;
  std::uint64_t first_location = 0;
  std::uint8_t plain = 0;  // engine::Memory: which entries are plain accesses
  bool writes = false;
  bool united = false;  // the engine cannot tell an object of it from others
};

namespace {

// Is code of the model running whose effects are to be seen, as operations of their own or as part of a block?
bool acts() { return controlled() || in_block(); }

engine::OpKind kind_of(const Access& access, const Footprint& footprint) {
  if (!footprint.writes) return engine::OpKind::Read;
  return access.place().mode == Mode::write ? engine::OpKind::Write : engine::OpKind::ReadModifyWrite;
}

// Attributes, globals and captured variables are plain variables: reads and writes of them order nothing. Everything
// else is an operation on a container, which CPython runs in one piece, as if under a lock of its own: what was put
// there before can be seen by whoever looks.
bool is_variable(const Place& place) {
  return place.mode != Mode::update && (place.kind == PlaceKind::attribute ||
                                        place.kind == PlaceKind::global || place.kind == PlaceKind::cell);
}

constexpr std::uint8_t plain_entry(std::ptrdiff_t entry) {
  return entry ? engine::kPlainSecond : engine::kPlainFirst;
}

std::uint8_t memory_of(const Access& access, const Footprint& footprint) {
  return is_variable(access.place()) ? static_cast<std::uint8_t>(engine::kUnordered | footprint.plain)
                                     : static_cast<std::uint8_t>(engine::kPartial);
}

// What a read finds. An object that has no name yet is named after the place where it is found.
std::uint64_t found_digest(PyObject* value, std::uint64_t location) {
  if (!value) return 0;
  if (!is_plain(value) && !has_name(value)) set_name(value, engine::mix(location));
  return digest_of(value);
}

// Nothing is ever the same again.
std::uint64_t unknown_digest() {
  const engine::Engine& e = *runtime.engine;
  return engine::mix(e.executions()) + static_cast<std::uint64_t>(e.step());
}

// What the step finds out that is not one value: of a whole container, or of what it changes.
std::uint64_t contents_digest(const Access& access) {
  PyObject* container = access.place().container;
  if (!container) return 0;
  if (access.place().function) return unknown_digest();  // what a call finds of others' is nothing to it
  Ref items;  // what can be looked at without running code of the program
  Py_ssize_t size = 0;
  if (PyList_Check(container)) {
    size = PyList_GET_SIZE(container);
  } else if (PyDict_Check(container)) {
    size = PyDict_GET_SIZE(container);
  } else if (PyAnySet_Check(container)) {
    size = PySet_GET_SIZE(container);
  } else if (std::string_view(Py_TYPE(container)->tp_name) == "collections.deque") {
    items = Ref::take(PySequence_List(container));
    if (!items) PyErr_Clear();
    size = items ? PyList_GET_SIZE(items.get()) : 0;
  } else {  // anything may be in it
    return unknown_digest();
  }
  const std::string text = show_value(items ? items.get() : container);
  return std::hash<std::string>{}(text) + static_cast<std::uint64_t>(size);
}

// Methods of containers that return nothing, whatever they find.
bool tells_nothing(std::string_view method) {
  static constexpr std::string_view kSilent[] = {"append",  "appendleft", "extend", "extendleft", "insert",
                                                 "add",     "discard",    "update", "clear",      "sort",
                                                 "reverse", "rotate",     "delete", "write"};
  return std::find(std::begin(kSilent), std::end(kSilent), method) != std::end(kSilent);
}

// Does the step find what is there, and change something only where nothing is? (The first is a defaultdict's item.)
bool reads_or_inserts(const Access& access) {
  const std::string_view method = access.label;
  return method == "read" || method == "setdefault";
}

// Methods of dicts that may leave everything as it is.
bool changes(const Access& access, PyObject* before) {
  const std::string_view method = access.label;
  if (reads_or_inserts(access)) return !before;
  return method != "pop" || before || !PyDict_Check(access.place().container);
}

std::string shown(PyObject* value) { return value ? show_value(value) : std::string(); }

// An operation has room for two objects, one of them the watcher where a watched one is written.
bool has_room(const TouchedLocations& touched, const Footprint& footprint) {
  if (footprint.size < 2) return true;
  return std::none_of(touched.begin(), touched.end(),
                      [](const Touched& t) { return t.write && location(t.location).watched; });
}

// More objects than an operation has room for: all but the first become one, or with it all.
void merge_all(const TouchedLocations& touched, bool with_first) {
  std::uint64_t first = 0, others = 0;
  for (const Touched& t : touched) {
    const Location& l = location(t.location);
    if (!l.visible) continue;
    const std::uint64_t name = object_name(l);
    if (!first)
      others = with_first ? first = name : 0;
    else if (name != first && !others)
      others = name;
    else if (name != first)
      merge(others, name);
    if (!first) first = name;
  }
}

// Is it what the library puts around a __repr__ (of dataclasses), so that it does not run into itself?
bool guards_recursion(const PyCodeObject* code) {
  const char* name = PyUnicode_AsUTF8(code->co_qualname);
  if (!name) return PyErr_Clear(), false;
  const std::string_view text = name;
  return text.starts_with("_recursive_repr.<locals>") || text.starts_with("recursive_repr.<locals>");
}

// Has the program called the library's code that runs, rather than the library itself for its own bookkeeping?
bool called_by_program() {
  for (const _PyInterpreterFrame* frame = current_frame(); frame; frame = frame->previous) {
    auto* code = reinterpret_cast<PyObject*>(frame->f_code);
    if (guards_recursion(frame->f_code)) continue;
    if (!is_instrumented(code)) return false;
    if (owner_of(code) != CodeOwner::library) return true;
  }
  return false;
}

}  // namespace

int Accesses::announce(const Access& access, const Footprint& footprint) {
  engine::Engine& e = *runtime.engine;
  const engine::OpKind kind = kind_of(access, footprint);
  const std::uint64_t value = access.value && footprint.writes ? digest_of(access.value) : 0;
  std::uint8_t memory = memory_of(access, footprint);
  if (runtime.gil && !self().switchable) memory |= engine::kGlued;
  if (footprint.united) memory |= engine::kUnited;
  const bool users = access.site->owner == CodeOwner::program;
  if (visible(kind, footprint.entries[0], footprint.entries[1],
              users ? site_of(*access.site) : current_site(), value, memory) < 0)
    return -1;
  self().switchable = false;
  PyObject* before = peek(access);
  if (kind == engine::OpKind::Read || (before && reads_or_inserts(access)))
    e.self().result = found_digest(before, footprint.first_location);
  if (kind == engine::OpKind::Read && access.place().kind == PlaceKind::whole)
    e.self().result = contents_digest(access);
  else if (kind == engine::OpKind::ReadModifyWrite && !tells_nothing(access.label))
    e.learn(contents_digest(access));
  if (kind == engine::OpKind::ReadModifyWrite) e.set_changed(changes(access, before));
  if (e.recorder()) [[unlikely]] {
    for (std::size_t i = 0; i < footprint.size; ++i)
      describe_location(engine::object_of(footprint.entries[i]), access, footprint.touched[i]);
    if (const std::string part = part_of_object(access, footprint.touched[0]); !part.empty())
      e.recorder()->part(part);
    if (kind == engine::OpKind::Read)
      e.recorder()->effect({}, {}, shown(before));
    else if (kind == engine::OpKind::Write)
      e.recorder()->effect(shown(before), access.value ? shown(access.value) : access.label, {});
    else
      e.recorder()->effect(shown(before),
                           access.label + (access.value ? ' ' + shown(access.value) : std::string()), {});
  }
  return 0;
}

std::string learn_in_block(const Access& access, std::uint64_t location) {
  engine::Engine& e = *runtime.engine;
  PyObject* before = peek(access);
  const Mode mode = access.place().mode;
  if (mode == Mode::read || (before && reads_or_inserts(access))) e.learn(found_digest(before, location));
  if (mode == Mode::read ? access.place().kind == PlaceKind::whole
                         : mode == Mode::update && !tells_nothing(access.label))
    e.learn(contents_digest(access));
  if (!e.recorder()) return {};
  const std::string name = describe(access, 0);
  if (mode == Mode::read) return name + " -> " + shown(before);
  if (mode == Mode::write && access.value) return name + " = " + shown(access.value);
  return name + ' ' + access.label + (access.value ? ' ' + shown(access.value) : std::string());
}

int Accesses::access(const Access& access) {
  if (runtime.looking) [[unlikely]]
    return note_look(access);
  if (!acts()) return 0;
  if (access.site->owner == CodeOwner::library && !called_by_program()) return 0;
  if (epoch_ != visibility_epoch())
      [[unlikely]] {  // names have turned out to be written, whose reads were not reported
    epoch_ = visibility_epoch();
    change_visibility();
  }
  if (access.value) {
    python::publish(access.value);
    describe_lock(access);
  }
  if (in_block()) return note_in_block(access);
  TouchedLocations touched;
  translate(access, touched);
  if (runtime.engine->killing()) return resumed();
  Footprint footprint;
  for (const Touched& t : touched) {
    Location& l = location(t.location);
    if (!l.visible) {
      note_access(l, t.write);
      if (runtime.engine->killing()) return resumed();
      continue;
    }
    const engine::ObjectId id = object_of(l);
    engine::Access* known = std::find_if(footprint.entries, footprint.entries + footprint.size,
                                         [&](engine::Access a) { return engine::object_of(a) == id; });
    if (known != footprint.entries + footprint.size) {  // merged
      if (t.write) *known = engine::writes(id);
      footprint.plain &= ~plain_entry(known - footprint.entries);
    } else if (footprint.size == 2) {
      merge_all(touched, false);
      if (runtime.engine->killing()) return resumed();
      break;
    } else {
      if (footprint.size == 0) footprint.first_location = t.location;
      footprint.united |= l.united;
      footprint.touched[footprint.size] = t;
      // An object that stands for several locations says nothing about one of them.
      if (!t.whole && !l.united && is_variable(access.places[t.place]))
        footprint.plain |= plain_entry(footprint.size);
      footprint.entries[footprint.size++] = t.write ? engine::writes(id) : engine::reads(id);
    }
    footprint.writes |= t.write;
  }
  if (!has_room(touched, footprint)) {
    merge_all(touched, true);
    if (runtime.engine->killing()) return resumed();
  }
  PythonThread& me = self();
  if (footprint.size == 0) {
    for (const Touched& t : touched) me.hidden_changes += t.write;
    if (!is_suspicious()) return 0;
    location(touched.begin()->location).visible = true;
    change_visibility();
    return runtime.engine->killing() ? resumed() : 0;
  }
  me.unseen = 0;
  return announce(access, footprint);
}

void Accesses::call(PyObject*, PyObject* const* arguments, std::size_t count) {
  if (!acts()) return;
  for (std::size_t i = 0; i < count; ++i) python::publish(arguments[i]);
}

void Accesses::unknown() {
  if (acts()) ++self().hidden_changes;
}

void Accesses::publish(PyObject* value) {
  if (acts()) python::publish(value);
}

void Accesses::alias(PyObject* dict, PyObject* owner) {
  if (acts() || runtime.looking) set_name(dict, namespace_of(owner));
}

void Accesses::replaces_dict(PyObject* object) {
  if (acts()) replaced_dicts.add(name_of(reinterpret_cast<PyObject*>(Py_TYPE(object))));
}

bool Accesses::is_shared(PyObject* object, const Place& where) {
  if (has_name(object)) return true;
  if (!(acts() || runtime.looking) || !has_name(where.container)) return false;
  set_name(object, name_found_in(where));
  return true;
}

bool Accesses::may_change(PyObject* container) {
  return controlled() && has_name(container) && is_visible_container(container);
}

void Accesses::looks_too_far() {
  if (acts() || runtime.looking) uncontrolled("a look into too many objects at once");
}

void Accesses::may_switch() {
  if (runtime.engine) self().switchable = true;
}

void Accesses::weakly_referred(PyObject* object) { watch_death(object); }

}  // namespace raddle::python
