// From what an instruction touches (instrument/access.h) to locations.
//
// Attributes, globals and captured variables are one location each. So is an item of a container; and so is the
// container as a whole (its length, its order, what all of its items are). Items and whole overlap, and that an
// operation has room for two locations only is not enough to say so in general. So a container begins as *fine*: items
// and whole are taken as independent, while we watch for a pair of overlapping accesses that the starts and ends of
// threads do not order, or for somebody who sees the order in which different threads have added items. Then the
// container becomes *coarse* for good (each access to an item is one to the whole, too), and the search starts again.
#pragma once
#include <array>
#include <cstddef>
#include <memory>
#include <unordered_map>
#include <vector>

#include "checker/python/instrument/access.h"
#include "checker/python/locations.h"

namespace raddle::python {

/// What one step touches.
struct Touched {
  std::uint64_t location;
  bool write;
  std::size_t place;    // index into the access's places
  bool whole = false;   // of the container as a whole, whatever the place is
  bool inside = false;  // of a queue, event or semaphore, whose location it is
};
class TouchedLocations {
 public:
  void add(Touched t);
  const Touched* begin() const { return more_.empty() ? few_.data() : more_.data(); }
  const Touched* end() const { return begin() + size_; }
  std::size_t size() const { return size_; }

 private:
  static constexpr std::size_t kFew = 32;  // without allocation
  std::array<Touched, kFew> few_;
  std::vector<Touched> more_;                                              // all of them, when they are more
  std::unique_ptr<std::unordered_map<std::uint64_t, std::size_t>> index_;  // of those, by location
  std::size_t size_ = 0;
};

/// Translates the places of an access.
void translate(const Access& access, TouchedLocations& touched);

/// The name of the namespace of an object's attributes: that of its dict, too.
std::uint64_t namespace_of(PyObject* owner);

/// The name of what the place is in: a container, or an object with its attributes.
std::uint64_t container_of(const Place& place);

/// What an object that has no name yet is called after the place where it is found.
std::uint64_t name_found_in(const Place& place);

/// Are accesses to the container as a whole visible?
bool is_visible_container(PyObject* container);

/// An execution begins.
void begin_containers();

/// Forgets all containers (but not which are coarse: see locations.h).
void forget_containers();

}  // namespace raddle::python
