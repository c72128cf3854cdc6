// The scheduling side of a bounded queue: n = length, cap = capacity. The items are the caller's.
#pragma once
#include <climits>

#include "checker/engine/mutex.h"

namespace raddle::engine {

class Queue {
 public:
  static constexpr std::int32_t kUnbounded = INT_MAX;
  Queue(Engine& e, std::int32_t capacity) : id_(e.new_object(0, capacity)) {}
  explicit Queue(ObjectId id) : id_(id) {}
  ObjectId id() const { return id_; }
  std::int32_t size(const Engine& e) const { return e.object(id_).n; }

  /// After each of these returned true, the caller adds or removes an item.
  bool put(Engine& e, const Site& site) { return blocking(e, OpKind::Put, +1, site); }
  bool get(Engine& e, const Site& site) { return blocking(e, OpKind::Get, -1, site); }
  bool put_for(Engine& e, Nanoseconds t, const Site& site) { return timed(e, OpKind::Put, +1, t, site); }
  bool get_for(Engine& e, Nanoseconds t, const Site& site) { return timed(e, OpKind::Get, -1, t, site); }
  bool try_put(Engine& e, const Site& site) {
    if (!e.visible(OpKind::TryPut, writes(id_), 0, site)) return false;
    return moved(e, e.object(id_).n < e.object(id_).cap, +1);
  }
  bool try_get(Engine& e, const Site& site) {
    if (!e.visible(OpKind::TryGet, writes(id_), 0, site)) return false;
    return moved(e, e.object(id_).n > 0, -1);
  }
  /// Looks at it (size, empty, full). false only when torn down; the length is then the caller's to read.
  bool test(Engine& e, const Site& site) {
    if (!e.visible(OpKind::QueueTest, reads(id_), 0, site)) return false;
    e.self().result = static_cast<std::uint64_t>(e.object(id_).n);
    return true;
  }

 private:
  bool blocking(Engine& e, OpKind kind, int delta, const Site& site) {
    if (!e.visible(kind, writes(id_), 0, site)) return false;
    e.object(id_).n += delta;
    return true;
  }
  bool timed(Engine& e, OpKind kind, int delta, Nanoseconds t, const Site& site) {
    if (!timed_operation(e, kind, writes(id_), id_, t, site)) return false;
    return moved(e, !e.expired(), delta);
  }
  bool moved(Engine& e, bool done, int delta) {
    if (done) e.object(id_).n += delta;
    e.self().result = done;
    return done;
  }
  ObjectId id_;
};

}  // namespace raddle::engine
