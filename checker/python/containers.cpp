#include "checker/python/containers.h"

#include <string_view>
#include <unordered_map>

#include "checker/python/instrument/names.h"
#include "checker/python/named_table.h"
#include "checker/python/object_names.h"
#include "checker/python/primitives.h"
#include "checker/python/strings.h"
#include "checker/python/weak_references.h"

namespace raddle::python {
namespace {

using engine::mix;

// Accesses to a container in one execution, by kind.
struct Container {
  std::uint64_t name = 0;
  std::uint32_t execution = 0;
  bool mixed_order = false;  // threads have added items in an order that is up to them
  bool items_watched = false, whole_watched = false;  // an invariant looks at them, whenever that is
  AccessorsOf<8> items_read, items_written, items_added, whole_read, whole_written;
};

NamedTable<Container> containers;

Container& container(std::uint64_t name) {
  Container& c = containers[name];
  if (c.execution != runtime.execution) {
    c = {.name = name, .execution = runtime.execution};
  }
  return c;
}

// Kinds of access to a container.
enum class Use { read_item, write_item, add_item, read_whole, write_whole };

// Who only wants to know how many items there are does not see their order.
bool sees_order(const Access& access) {
  const std::string_view label = access.label;
  return label != "len" && label != "truth" && label != "bool" && label != "cache_info";
}

// Notes the access. Does it overlap, unordered, with an earlier one that the fine locations do not relate it to?
bool overlaps(Container& c, Use use, const Access& access) {
  const ForkJoinClock& clock = self().clock;
  switch (use) {
    case Use::read_item: c.items_read.add(clock); return !c.whole_written.before(clock);
    case Use::write_item:
      c.items_written.add(clock);
      return c.whole_watched || !c.whole_read.before(clock) || !c.whole_written.before(clock);
    case Use::add_item:
      if (!c.items_added.before(clock)) c.mixed_order = true;
      c.items_added.add(clock);
      return c.whole_watched || !c.whole_read.before(clock) || !c.whole_written.before(clock);
    case Use::read_whole:
      c.whole_read.add(clock);
      return !c.items_written.before(clock) || !c.items_added.before(clock) ||
             (c.mixed_order && sees_order(access));
    case Use::write_whole:
      c.whole_written.add(clock);
      return c.items_watched || !c.items_read.before(clock) || !c.items_written.before(clock) ||
             !c.items_added.before(clock) || c.mixed_order;
  }
  return false;
}

// An invariant's look is no access of the thread that happens to run.
bool overlaps_or_watches(Container& c, Use use, const Access& access) {
  if (!runtime.looking) return overlaps(c, use, access);
  (use == Use::read_whole ? c.whole_watched : c.items_watched) = true;
  return false;
}

bool is_whole(Use use) { return use == Use::read_whole || use == Use::write_whole; }
bool is_write(Use use) { return use != Use::read_item && use != Use::read_whole; }

Use use_of(const Place& place) {
  if (place.kind == PlaceKind::whole) return place.mode == Mode::read ? Use::read_whole : Use::write_whole;
  if (place.mode == Mode::read) return Use::read_item;
  // Only overwriting leaves the container's length and order as they are.
  const bool there = place.kind == PlaceKind::index || peek(place);
  return there && place.mode == Mode::write ? Use::write_item : Use::add_item;
}

std::uint64_t location_name(std::uint64_t container_name, std::uint64_t number) {
  return mix(container_name + 0x9E3779B97F4A7C15ull * (number + 1)) | 1;
}

// The number of an attribute among the items of its object's dict.
std::uint64_t item_number(Place place) {
  if (place.kind == PlaceKind::attribute) place.kind = PlaceKind::item;
  return location_number(place);
}

// The items of queues that the program has got hold of (q.queue), by name: they belong to the queue.
std::unordered_map<std::uint64_t, std::uint64_t> queue_items;

// The inside of one of the library's primitives, where the library's own code does not tell what it touches: all of it
// is one location, that of the primitive's lock.
bool add_inside(const Place& place, std::size_t i, TouchedLocations& touched) {
  if (place.kind == PlaceKind::attribute) {
    LockObject* lock = state_attribute(place.container, place.key);
    if (!lock || lock->role > LockRole::Inner) return false;
    const std::uint64_t location = location_of(lock);
    // Who looks at a semaphore's value sees releases, which count as reads.
    touched.add({location, place.mode != Mode::read || place.key == strings.value, i, true, true});
    if (raddle::python::location(location).visible) {
      set_inner_state(place.container);
      // Who looks into a queue sees both ends.
      if (place.key == strings.queue || place.key == strings.unfinished_tasks) whole_queues.add(lock->name);
    }
    const bool waiters = place.key == strings.waiters;
    if (waiters && lock->role == LockRole::Inner) open_inner(lock);  // nobody waits there otherwise
    PyObject* value = waiters || place.key == strings.queue ? peek(place) : nullptr;
    if (value && !has_name(value)) set_name(value, mix(location + 1));
    if (value) queue_items[name_of(value)] = location;
    return true;
  }
  if (queue_items.empty() || place.kind == PlaceKind::life || place.kind == PlaceKind::global ||
      place.kind == PlaceKind::cell)
    return false;
  auto found = queue_items.find(name_of(place.container));
  if (found == queue_items.end()) return false;
  touched.add({found->second, place.mode != Mode::read, i, false, true});
  return true;
}

}  // namespace

// The attributes of all objects whose dict may be another one's, too.
static constexpr std::uint64_t kReplacedDicts = 0x6469637473ull;

static std::uint64_t own_namespace(PyObject* owner) { return mix(name_of(owner) + 0x6e616d6573ull) | 1; }

std::uint64_t namespace_of(PyObject* owner) {
  auto* type = reinterpret_cast<PyObject*>(Py_TYPE(owner));
  if (!replaced_dicts.names.empty() && has_name(type) && replaced_dicts.contains(name_of(type)))
    return kReplacedDicts;
  if (PyDict_Check(owner) && Py_TYPE(owner)->tp_dictoffset) {
    PyObject** dict = _PyObject_GetDictPtr(owner);
    if (dict && *dict == owner) return name_of(owner);
  }
  return own_namespace(owner);
}

std::uint64_t container_of(const Place& place) {
  if (place.kind != PlaceKind::attribute) return name_of(place.container);
  // Which dict and which class it has is not in that dict.
  const bool is_inside = place.key != names.dict && place.key != names.type;
  return is_inside ? namespace_of(place.container) : own_namespace(place.container);
}

std::uint64_t name_found_in(const Place& place) {
  return mix(location_name(container_of(place), place.kind == PlaceKind::whole ? 0 : item_number(place)));
}

bool is_visible_container(PyObject* container) {
  return location(location_name(name_of(container), 0)).visible;
}

void TouchedLocations::add(Touched t) {
  if (more_.empty()) {
    for (std::size_t i = 0; i < size_; ++i) {
      if (few_[i].location != t.location) continue;
      few_[i].write |= t.write;
      return;
    }
    if (size_ < kFew) {
      few_[size_++] = t;
      return;
    }
    more_.assign(few_.begin(), few_.end());
    index_ = std::make_unique<std::unordered_map<std::uint64_t, std::size_t>>();
    for (std::size_t i = 0; i < size_; ++i) (*index_)[more_[i].location] = i;
  }
  auto [known, fresh] = index_->try_emplace(t.location, size_);
  if (!fresh) {
    more_[known->second].write |= t.write;
    return;
  }
  more_.push_back(t);
  ++size_;
}

void translate(const Access& access, TouchedLocations& touched) {
  for (std::size_t i = 0; i < access.places.size(); ++i) {
    const Place& place = access.places[i];
    if (add_inside(place, i, touched)) continue;
    if (place.kind == PlaceKind::cell) {
      touched.add({location_name(name_of(place.container), 0), place.mode != Mode::read, i});
      continue;
    }
    if (place.kind == PlaceKind::life) {
      touched.add({life_location(place.container), place.mode != Mode::read, i});
      continue;
    }
    // The attributes of an object are the items of its dict.
    const std::uint64_t name = container_of(place);
    const Use use = use_of(place);
    if (name == kReplacedDicts) {
      if (!is_whole(use)) location(location_name(name, item_number(place))).united = true;
      location(location_name(name, 0)).united = true;
    }
    const bool coarse = coarse_containers.contains(name);
    if (!coarse && overlaps_or_watches(container(name), use, access)) coarse_containers.add(name);
    if (!is_whole(use)) touched.add({location_name(name, item_number(place)), is_write(use), i});
    if (is_whole(use) || coarse) touched.add({location_name(name, 0), is_write(use), i, true});
  }
}

void begin_containers() {
  queue_items.clear();
  begin_lives();
}

void forget_containers() { containers.clear(); }

}  // namespace raddle::python
