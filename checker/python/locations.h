// The shared locations of a program, and which of them a search has to look at.
//
// A location is visible once two accesses to it, one of them a write, have been seen that neither the start nor the
// end of a thread puts in order. All others (what only one thread touches, what is only read, what is written before
// the threads start or after they have ended) cannot race, and their accesses cost no operation. Locations start as
// invisible; the first such pair makes the location visible for good, and the search starts again. Since the names of
// locations mean the same in all executions, the visible ones are a function of the program and of what was explored.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/python/fork_join.h"
#include "checker/python/runtime.h"

namespace raddle::python {

/// A location in one execution.
struct Location {
  std::uint64_t name = 0;
  std::uint64_t merged =
      0;  // one object with the location of this name, directly or further on; 0: see object_of
  engine::ObjectId id = 0;  // in search `search`
  std::uint32_t search = 0;
  std::uint32_t execution = 0;  // that the accesses below belong to
  bool visible = false;
  bool united = false;   // its object is another location's as well
  bool watched = false;  // an invariant of the program looks at it
  Accessors readers, writers;
};

/// The location with this name, made if need be. Valid until the next call.
Location& location(std::uint64_t name);

/// Notes an access of the running thread to a location that is not visible, and makes it visible if it races.
void note_access(Location& location, bool write);

/// The running thread has made an access that nobody can see. Has it made so many of them in a row that it may be waiting
/// in a loop for something that never comes as long as nobody else runs?
inline bool is_suspicious() {
  constexpr int kPatience = 1 << 20;
  if (++self().unseen < kPatience) return false;
  self().unseen = 0;
  return true;
}

/// The engine's object for a visible location.
engine::ObjectId object_of(Location& location);

/// The name of the object that the location is, or is part of.
std::uint64_t object_name(const Location& location);

/// Makes the two one object: a step touches more locations than the engine can tell apart.
void merge(std::uint64_t a, std::uint64_t b);

/// An invariant looks at the location: from the next start of the search on, its writes are told of
/// (Engine::watch). Part of visibility().
void watch(Location& location);

/// Something about visibility has changed: what the search did so far may be incomplete. It starts again, unless this
/// is a warm-up.
void change_visibility();

/// Did it change since this was last asked? (For warm-ups.)
bool visibility_changed();

/// While warming up, executions run to their ends whatever changes.
void set_warming_up(bool on);

/// Makes every location visible from its first access (for tests), or not.
void set_all_visible(bool on);

/// A search begins: engine objects are numbered anew.
void begin_search();

/// An execution begins: the engine is told which objects are watched, unless it knows.
void tell_watched(engine::Engine& engine);

/// Forgets all locations: another program.
void forget_locations();

/// All that makes a difference for what is visible, as text that set_visibility() understands.
std::string visibility();
void set_visibility(std::string_view text);

/// Containers whose items cannot be told apart from the whole (see containers.h). Part of visibility().
struct NameSet {
  std::vector<std::uint64_t> names;  // sorted
  bool contains(std::uint64_t name) const { return std::binary_search(names.begin(), names.end(), name); }
  /// Adds it and changes the visibility; nothing if it is in the set.
  void add(std::uint64_t name);
};
inline NameSet coarse_containers;

/// Queues, events and semaphores (by their locks) whose methods run step by step (see primitives.h). Part of it, too.
inline NameSet opened_objects;

/// Queues (by their locks) that somebody joins. Part of it, too.
inline NameSet joined_objects;

/// Queues (by their locks) whose ends are not told apart (engine/queue_ends.h), since somebody looks inside, or gives up
/// waiting. Part of it, too.
inline NameSet whole_queues;

/// Semaphores (by their locks) that somebody waits for. Part of it, too.
inline NameSet awaited_objects;

/// Classes whose objects get other dicts for their attributes, which they may share. Part of it, too.
inline NameSet replaced_dicts;

/// Locks whose holder somebody notices without waiting for them: they are tried, for a while or not at all, or asked. Known
/// while loops are bounded. Part of it, too.
inline NameSet tried_locks;

}  // namespace raddle::python
