// Mutex: plain, recursive, try and timed. One object; n = owner + 1, or 0 when it is free; cap = kOwned or 0.
//
// Every function returns false where the thread is being torn down (see Engine::announce) or did not get the lock.
#pragma once
#include "checker/engine/engine.h"

namespace raddle::engine {

/// A timed operation's timeout; negative: none.
using Nanoseconds = std::int64_t;

/// Announces an operation that a timeout may end instead; `expires_on` is the object whose state the timeout changes.
/// Afterwards Engine::expired() tells which it was.
inline bool timed_operation(Engine& e, OpKind kind, Access a0, ObjectId expires_on, Nanoseconds timeout,
                            const Site& site) {
  Operation& op = e.next_operation();
  op = {};
  op.a0 = a0;
  op.kind = kind;
  op.timed = true;
  op.expires_on = expires_on;
  op.deadline = e.virtual_clock() ? e.virtual_now() + timeout : 0;
  op.site = site;
  if (!e.announce()) return false;
  if (e.expired()) e.advance(timeout);
  return true;
}

class Mutex {
 public:
  /// A new one, which only its owner may unlock.
  explicit Mutex(Engine& e) : id_(e.new_object(0, kOwned)) {}
  /// The one behind an object of the front end, whose `cap` says whether it has an owner.
  explicit Mutex(ObjectId id) : id_(id) {}

  ObjectId id() const { return id_; }
  Tid owner(const Engine& e) const { return e.object(id_).n - 1; }
  bool owned_by_me(Engine& e) const { return e.object(id_).n == e.self().id + 1; }

  [[gnu::always_inline]] bool lock(Engine& e, const Site& site) {
    if (!e.visible(OpKind::Lock, writes(id_), 0, site)) return false;
    take(e);
    return true;
  }
  /// Acquires it if it is free.
  bool try_lock(Engine& e, const Site& site) {
    if (!e.visible(OpKind::TryLock, writes(id_), 0, site, 0, kTries)) return false;
    bool got = e.object(id_).n == 0;
    if (got) take(e);
    e.self().result = got;
    return got;
  }
  /// Waits for it; the timeout may expire at any moment at which somebody else holds it.
  bool lock_for(Engine& e, Nanoseconds timeout, const Site& site) {
    if (!timed_operation(e, OpKind::Lock, writes(id_), id_, timeout, site)) return false;
    bool got = !e.expired();
    if (got) take(e);
    e.self().result = got;
    return got;
  }
  /// Precondition: locked. Whether the caller may unlock it is the front end's business.
  [[gnu::always_inline]] bool unlock(Engine& e, const Site& site) {
    if (!e.visible(OpKind::Unlock, writes(id_), 0, site)) return false;
    e.object(id_).n = 0;
    return true;
  }
  /// Is it locked by anybody?
  bool locked(Engine& e, const Site& site) {
    if (!e.visible(OpKind::Locked, reads(id_), 0, site)) return false;
    const bool answer = e.object(id_).n != 0;
    e.self().result = answer;
    return answer;
  }

 private:
  void take(Engine& e) { e.object(id_).n = e.self().id + 1; }
  ObjectId id_;
};

/// A mutex that its owner may lock again; only the first lock and the last unlock are operations.
class RecursiveMutex {
 public:
  explicit RecursiveMutex(Engine& e) : mutex_(e) {}
  explicit RecursiveMutex(ObjectId id) : mutex_(id) {}

  Mutex& mutex() { return mutex_; }
  ObjectId id() const { return mutex_.id(); }
  bool owned_by_me(Engine& e) const { return mutex_.owned_by_me(e); }
  int depth() const { return depth_; }

  [[gnu::always_inline]] bool lock(Engine& e, const Site& site) {
    return reenter(e) || first(mutex_.lock(e, site));
  }
  bool try_lock(Engine& e, const Site& site) { return reenter(e) || first(mutex_.try_lock(e, site)); }
  bool lock_for(Engine& e, Nanoseconds t, const Site& site) {
    return reenter(e) || first(mutex_.lock_for(e, t, site));
  }
  /// Precondition: owned by the caller.
  [[gnu::always_inline]] bool unlock(Engine& e, const Site& site) {
    if (depth_ > 1) return --depth_;
    if (!mutex_.unlock(e, site)) return false;
    depth_ = 0;
    return true;
  }

 private:
  bool reenter(Engine& e) { return mutex_.owned_by_me(e) && ++depth_; }
  bool first(bool got) {
    if (got) depth_ = 1;
    return got;
  }
  Mutex mutex_;
  int depth_ = 0;
};

}  // namespace raddle::engine
