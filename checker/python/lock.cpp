#include "checker/python/lock.h"

#include <algorithm>
#include <vector>

#include "checker/engine/life.h"
#include "checker/engine/mutex.h"
#include "checker/python/atomic_blocks.h"
#include "checker/python/instrument/object_layout.h"
#include "checker/python/invariants.h"
#include "checker/python/labels.h"
#include "checker/python/locations.h"
#include "checker/python/misuse.h"
#include "checker/python/object_names.h"
#include "checker/python/sites.h"
#include "checker/python/threads.h"

namespace raddle::python {
namespace {

PyObject* importlib_globals = nullptr;
int quiet_births = 0;

constexpr int kWeightOfLocks = 15;  // against reads of variables, see is_suspicious(): it takes longer, too

bool belongs_here(const LockObject* lock) { return lock->execution == runtime.execution; }

// A lock of an earlier execution is free: whoever held it is gone.
bool is_held(const LockObject* lock) { return lock->owner && belongs_here(lock); }

bool is_quiet(const LockObject* lock) {
  if (lock->role <= LockRole::Inner) return false;
  return lock->role == LockRole::MainThread ? !runtime.engine->is_revealed(engine::Hidden::ThreadEnds)
                                            : !quiet_locks_visible();
}

void set_owner(LockObject* lock, engine::Tid owner) {
  lock->owner = owner;
  if (lock->id && runtime.engine && lock->role != LockRole::Inner) runtime.engine->object(lock->id).n = owner;
}

void take(LockObject* lock) {
  note_hold(lock, 1);
  if (!belongs_here(lock)) {
    lock->execution = runtime.execution;
    lock->id = 0;
  }
  set_owner(lock, runtime.engine ? runtime.engine->self().id + 1 : 1);
}

// Locks that the library made before the execution are named like other objects.
std::uint64_t name_of_lock(LockObject* lock) {
  return lock->name ? lock->name : name_of(reinterpret_cast<PyObject*>(lock));
}

std::vector<LockObject*> taken_by_look;  // by an invariant, which gives them back

bool is_taken_by_look(const LockObject* lock) {
  return std::find(taken_by_look.begin(), taken_by_look.end(), lock) != taken_by_look.end();
}

int would_wait(const LockObject* lock) {
  if (runtime.looking && !is_taken_by_look(lock)) runtime.look_waits = true;
  if (refuse_in_invariant("waits for what others do") < 0) return -1;
  PyErr_SetString(PyExc_RuntimeError, "this lock is held, and nobody can release it outside of a run");
  return -1;
}

// Holding a lock for a while is nothing to those who wait until it is free, as everybody does. (See engine/polling.h.)
bool can_be_noticed(LockObject* lock) {
  return tried_locks.contains(name_of_lock(lock)) || runtime.engine->watched(lock->id);
}

// In an atomic block. The library's own locks are none of its business.
int refuse_use(const LockObject* lock, const char* what) {
  return lock->role <= LockRole::Inner || lock->role == LockRole::Thread ? refuse_in_block(what) : 0;
}

// An invariant does.
int look_at(LockObject* lock) {
  return lock->role == LockRole::Thread ? refuse_in_invariant("asks whether a thread is alive")
                                        : note_look(lock);
}

// The end of a thread.
int join(LockObject* lock, bool blocking, std::int64_t timeout) {
  engine::Engine& e = *runtime.engine;
  if (lock->thread == e.self().id) return 1;  // a new thread takes its own
  if (!blocking || timeout == 0) {
    const bool alive = engine::is_alive(e, lock->thread, current_site());
    if (resumed() < 0) return -1;
    return alive ? 0 : wait_for_thread(lock->thread) < 0 ? -1 : 1;
  }
  if (timeout > 0) {
    const bool ended = engine::join_for(e, lock->thread, timeout, current_site());
    if (resumed() < 0) return -1;
    return !ended ? 0 : wait_for_thread(lock->thread) < 0 ? -1 : 1;
  }
  e.self().op.site = current_site();
  return wait_for_thread(lock->thread) < 0 ? -1 : 1;
}

}  // namespace

QuietBirths::QuietBirths() { ++quiet_births; }
QuietBirths::~QuietBirths() { --quiet_births; }

void note_hold(const LockObject* lock, int change) {
  if (!controlled()) return;
  const std::uint64_t hold = engine::mix(reinterpret_cast<std::uintptr_t>(lock));
  self().hidden_changes += change > 0 ? hold : -hold;
}

void open_inner(LockObject* lock) {
  lock->role = LockRole::Plain;
  lock->id = 0;
  opened_objects.add(name_of_lock(lock));
}

void set_importlib(PyObject* globals) { importlib_globals = globals; }

bool quiet_locks_visible() { return runtime.engine->is_revealed(engine::Hidden::LibraryLocks); }

LockObject* new_lock(PyTypeObject* type, LockRole role) {
  auto* lock = reinterpret_cast<LockObject*>(type->tp_alloc(type, 0));  // zeroed
  if (!lock) return nullptr;
  lock->execution = runtime.execution;
  lock->thread = engine::kNoThread;
  lock->role = role;
  if (role != LockRole::Plain) return lock;
  const _PyInterpreterFrame* frame = current_frame();
  if (!runtime.engine || runtime.library || quiet_births || (frame && frame->f_globals == importlib_globals))
    lock->role = LockRole::Quiet;
  else
    lock->name = next_name();
  return lock;
}

std::uint64_t location_of(LockObject* lock) { return name_of_lock(lock); }

bool is_unseen(LockObject* lock, bool write) {
  Location& l = location(name_of_lock(lock));
  if (l.visible) return false;
  note_access(l, write);
  if (!l.visible && !write && is_suspicious()) make_seen(lock);
  return !l.visible;
}

void make_seen(LockObject* lock) {
  Location& l = location(name_of_lock(lock));
  if (l.visible) return;
  l.visible = true;
  change_visibility();
}

engine::ObjectId object_of(LockObject* lock) {
  if (!belongs_here(lock)) {
    lock->execution = runtime.execution;
    lock->owner = 0;
    lock->id = 0;
  }
  if (!lock->id) {
    lock->id = runtime.engine->named_object(object_name(location(name_of_lock(lock))));
    if (lock->role != LockRole::Inner)
      runtime.engine->object(lock->id) = {lock->owner, Py_TYPE(lock) == &RLockType ? engine::kOwned : 0};
  }
  return lock->id;
}

int acquire(LockObject* lock, bool blocking, std::int64_t timeout) {
  if (runtime.looking && look_at(lock) < 0) return -1;
  if (refuse_use(lock, "acquires a lock") < 0) return -1;
  if (!controlled()) {
    if (!is_held(lock)) {
      take(lock);
      if (runtime.looking) taken_by_look.push_back(lock);
      return 1;
    }
    return blocking && timeout != 0 ? would_wait(lock) : 0;
  }
  if (lock->role == LockRole::Thread) return join(lock, blocking, timeout);
  engine::Engine& e = *runtime.engine;
  if (is_quiet(lock)) {
    if (!is_held(lock)) return take(lock), 1;
    if (!blocking) return 0;
    e.reveal(lock->role == LockRole::MainThread ? engine::Hidden::ThreadEnds : engine::Hidden::LibraryLocks);
    return resumed();
  }
  if (lock->role == LockRole::Inner) open_inner(lock);
  lock->used = true;
  if (is_unseen(lock, true)) {
    self().unseen += kWeightOfLocks;
    if (!is_held(lock) && !is_suspicious()) return take(lock), 1;
    if ((!blocking || timeout == 0) && !is_suspicious()) return 0;
    make_seen(lock);
  }
  if (e.killing()) return resumed();
  if (e.recorder()) [[unlikely]]
    describe_use(lock);
  const bool bounded = !e.loops().empty();
  if (bounded && (!blocking || timeout >= 0)) tried_locks.add(name_of_lock(lock));
  if (e.killing()) return resumed();
  engine::Mutex mutex(object_of(lock));
  bool got = true;
  if (!blocking || timeout == 0)
    got = mutex.try_lock(e, current_site());
  else if (timeout < 0)
    mutex.lock(e, current_site());
  else
    got = mutex.lock_for(e, timeout, current_site());
  if (resumed() < 0) return -1;
  if (!got && blocking) e.overshoot();
  if (got) {
    lock->owner = e.self().id + 1;
    lock->round = self().rounds;
    note_hold(lock, 1);
    if (bounded && !can_be_noticed(lock)) e.set_changed(false);
  }
  if (got && in_library()) e.learn_past();
  return got;
}

int release(LockObject* lock) {
  if (runtime.looking && is_held(lock)) {
    if (!is_taken_by_look(lock)) return refuse_in_invariant("releases a lock");
    std::erase(taken_by_look, lock);
  }
  if (refuse_use(lock, "releases a lock") < 0) return -1;
  if (controlled() && lock->role == LockRole::Inner) open_inner(lock);
  if (controlled() && lock->role == LockRole::Thread) return 0;
  if (!controlled()) {
    // nothing that anybody could notice
  } else if (is_quiet(lock) || is_unseen(lock, true)) {
    note_hold(lock, -1);
  } else {
    if (runtime.engine->killing()) return resumed();
    engine::Mutex mutex(object_of(lock));
    mutex.unlock(*runtime.engine, current_site());
    if (resumed() < 0) return -1;
    note_hold(lock, -1);
    // Whoever gives away for a while what it held at the head of a loop lets others have it.
    if (is_owned(lock) && lock->round == self().rounds && !can_be_noticed(lock))
      runtime.engine->set_changed(false);
  }
  if (!is_held(lock)) {
    PyErr_SetString(PyExc_RuntimeError, "release unlocked lock");
    note_misuse(Misuse::ReleaseUnlocked, lock);
    return -1;
  }
  set_owner(lock, 0);
  return 0;
}

int is_locked(LockObject* lock) {
  if (runtime.looking) return look_at(lock) < 0 ? -1 : is_held(lock);
  if (refuse_use(lock, "looks at a lock") < 0) return -1;
  if (lock->role == LockRole::Thread && runtime.engine) {
    const bool alive = engine::is_alive(*runtime.engine, lock->thread, current_site());
    return resumed() < 0 ? -1 : alive;
  }
  if (controlled() && lock->role == LockRole::Inner) open_inner(lock);
  if (controlled() && lock->role == LockRole::MainThread && is_quiet(lock)) {
    runtime.engine->reveal(engine::Hidden::ThreadEnds);
    return resumed();
  }
  if (!controlled() || is_quiet(lock) || is_unseen(lock, false)) return is_held(lock);
  if (!runtime.engine->loops().empty()) tried_locks.add(name_of_lock(lock));
  if (runtime.engine->killing()) return resumed();
  engine::Mutex mutex(object_of(lock));
  const bool locked = mutex.locked(*runtime.engine, current_site());
  return resumed() < 0 ? -1 : locked;
}

bool end_look() {
  const bool kept = !taken_by_look.empty();
  for (LockObject* lock : taken_by_look) {
    set_owner(lock, 0);
    lock->depth = 0;
  }
  taken_by_look.clear();
  return kept;
}

bool is_owned(LockObject* lock) {
  if (runtime.looking && !is_taken_by_look(lock)) return false;
  return is_held(lock) && lock->owner == (runtime.engine ? runtime.engine->self().id + 1 : 1);
}

}  // namespace raddle::python
