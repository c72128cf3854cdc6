// Counting semaphore; n = count.
#pragma once
#include "checker/engine/mutex.h"

namespace raddle::engine {

class Semaphore {
 public:
  Semaphore(Engine& e, std::int32_t count) : id_(e.new_object(count)) {}
  explicit Semaphore(ObjectId id) : id_(id) {}
  ObjectId id() const { return id_; }
  std::int32_t count(const Engine& e) const { return e.object(id_).n; }

  [[gnu::always_inline]] bool acquire(Engine& e, const Site& site) {
    if (!e.visible(OpKind::Acquire, writes(id_), 0, site)) return false;
    --e.object(id_).n;
    return true;
  }
  bool try_acquire(Engine& e, const Site& site) {
    if (!e.visible(OpKind::TryAcquire, writes(id_), 0, site, 0, kTries)) return false;
    return taken(e, e.object(id_).n > 0);
  }
  bool acquire_for(Engine& e, Nanoseconds timeout, const Site& site) {
    if (!timed_operation(e, OpKind::Acquire, writes(id_), id_, timeout, site)) return false;
    return taken(e, !e.expired());
  }
  /// false also if it would then have more than `max` units; it keeps those that it has.
  [[gnu::always_inline]] bool release(Engine& e, std::int32_t units, const Site& site,
                                      std::int32_t max = INT32_MAX) {
    if (!e.visible(OpKind::Release, writes(id_), 0, site) || units > max - e.object(id_).n) return false;
    e.object(id_).n += units;
    return true;
  }

 private:
  bool taken(Engine& e, bool got) {
    e.object(id_).n -= got;
    e.self().result = got;
    return got;
  }
  ObjectId id_;
};

}  // namespace raddle::engine
