// The scheduling side of a bounded queue. The items are the caller's.
//
// As long as no timeouts are involved, its ends are told apart (queue_ends.h): operations at one of them are independent
// of those at the other. A timeout at one end may depend on whatever happens at the other, so with timeouts all
// operations are on the same object (Hidden::QueueEnds).
#pragma once
#include <cassert>
#include <climits>

#include "checker/engine/mutex.h"

namespace raddle::engine {

class Queue {
 public:
  static constexpr std::int32_t kUnbounded = INT_MAX;
  /// `counts_tasks`: `done` and `join` are used.
  Queue(Engine& e, std::int32_t capacity, bool counts_tasks = false)
      : capacity_(capacity), counts_tasks_(counts_tasks), id_(e.new_object()) {
    assert(!counts_tasks || capacity <= kUnbounded / 2);
    if (!e.is_revealed(Hidden::QueueEnds)) e.objects().ends(id_, 0, capacity);
    update(e);
  }
  ObjectId id() const { return id_; }
  std::int32_t size() const { return size_; }

  /// After each of these returned true, the caller adds or removes an item.
  bool put(Engine& e, const Site& site) { return announce(e, OpKind::Put, writes(id_), site) && move(e, +1); }
  bool get(Engine& e, const Site& site) { return announce(e, OpKind::Get, writes(id_), site) && move(e, -1); }
  bool put_for(Engine& e, Nanoseconds t, const Site& site) { return timed(e, OpKind::Put, +1, t, site); }
  bool get_for(Engine& e, Nanoseconds t, const Site& site) { return timed(e, OpKind::Get, -1, t, site); }
  bool try_put(Engine& e, const Site& site) {
    return announce(e, OpKind::TryPut, writes(id_), site) && answer(e, size_ < capacity_, +1);
  }
  bool try_get(Engine& e, const Site& site) {
    return announce(e, OpKind::TryGet, writes(id_), site) && answer(e, size_ > 0, -1);
  }
  /// Looks at it (size, empty, full). false only when torn down; the length is then the caller's to read.
  bool test(Engine& e, const Site& site) {
    if (!announce(e, OpKind::QueueTest, reads(id_), site)) return false;
    e.self().result = static_cast<std::uint64_t>(size_);
    return true;
  }
  /// An item has been dealt with; false: there is none that has not been, or torn down.
  bool done(Engine& e, const Site& site) {
    if (!announce(e, OpKind::QueueUpdate, writes(id_), site)) return false;
    const bool some = unfinished_ > 0;
    unfinished_ -= some;
    update(e);
    e.self().result = some;
    return some;
  }
  /// Waits until all items have been dealt with.
  bool join(Engine& e, const Site& site) { return announce(e, OpKind::QueueJoin, reads(id_), site); }

 private:
  void update(Engine& e) {
    if (counts_tasks_)
      e.object(id_) = {2 * size_, 2 * capacity_ - (unfinished_ > 0)};
    else
      e.object(id_) = {size_, capacity_};
  }
  bool announce(Engine& e, OpKind kind, Access a, const Site& site) {
    const std::uint8_t tries = kind == OpKind::TryPut || kind == OpKind::TryGet ? kTries : 0;
    if (!e.objects().has_ends(id_) || e.watched(id_)) return e.visible(kind, a, 0, site, 0, tries);
    Operation& op = e.next_operation();
    op = {};
    op.a0 = a;
    op.kind = kind;
    op.arity = kTwoEnds;
    op.memory = tries;
    op.site = site;
    return e.announce();
  }
  bool move(Engine& e, int delta) {
    size_ += delta;
    unfinished_ += delta > 0;
    update(e);
    if (e.objects().has_ends(id_)) e.objects().moved(id_, delta > 0);
    return true;
  }
  bool timed(Engine& e, OpKind kind, int delta, Nanoseconds t, const Site& site) {
    if (!e.is_revealed(Hidden::QueueEnds)) return e.reveal(Hidden::QueueEnds), false;
    if (!timed_operation(e, kind, writes(id_), id_, t, site)) return false;
    return answer(e, !e.expired(), delta);
  }
  bool answer(Engine& e, bool done, int delta) {
    if (done) move(e, delta);
    e.self().result = done;
    return done;
  }
  std::int32_t capacity_, size_ = 0, unfinished_ = 0;
  bool counts_tasks_;
  ObjectId id_;
};

}  // namespace raddle::engine
