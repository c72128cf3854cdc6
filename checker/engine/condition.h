// Condition variable. Waiting is two operations: Wait releases the mutex and enqueues; Wake, possible once a
// notification has chosen the thread and the mutex is free, takes the mutex again. A timed wait may expire while it
// has not been notified. notify_one chooses any waiter (each is an alternative) or the one that has waited longest,
// as Engine::set_notify_any says.
#pragma once
#include <algorithm>

#include "checker/engine/mutex.h"

namespace raddle::engine {

enum class WaitResult : std::uint8_t { Notified, Expired, TornDown };

class Condition {
 public:
  explicit Condition(Engine& e) : id_(e.new_object()) {}
  explicit Condition(ObjectId id) : id_(id) {}
  ObjectId id() const { return id_; }

  /// Precondition: the caller owns `m`. `timeout` < 0: none.
  WaitResult wait(Engine& e, Mutex& m, Nanoseconds timeout, const Site& site) {
    Thread& me = e.self();
    if (!e.visible(OpKind::Wait, writes(m.id()), writes(id_), site)) return WaitResult::TornDown;
    e.object(m.id()).n = 0;
    e.objects().waiters(id_).push_back(me.id);
    me.notified = false;
    bool expired = false;
    if (timeout < 0) {
      Operation& op = e.next_operation();
      op = {};
      op.a0 = writes(m.id());
      op.kind = OpKind::Wake;
      op.expires_on = id_;  // nothing expires; says what it waits for
      op.site = site;
      if (!e.announce()) return WaitResult::TornDown;
    } else {
      if (!timed_operation(e, OpKind::Wake, writes(m.id()), id_, timeout, site)) return WaitResult::TornDown;
      if (e.expired()) {
        expired = true;
        std::erase(e.objects().waiters(id_), me.id);
        e.wake(me.id);
        if (!e.visible(OpKind::Wake, writes(m.id()), 0, site)) return WaitResult::TornDown;
      }
    }
    e.object(m.id()).n = me.id + 1;
    me.result = !expired;
    return expired ? WaitResult::Expired : WaitResult::Notified;
  }

  bool notify_one(Engine& e, const Site& site) {
    if (!e.visible(OpKind::NotifyOne, writes(id_), 0, site)) return false;
    if (Tid chosen = e.self().alt - 1; chosen >= 0) {
      std::erase(e.objects().waiters(id_), chosen);
      e.wake(chosen);
    }
    return true;
  }
  bool notify_all(Engine& e, const Site& site) {
    if (!e.visible(OpKind::NotifyAll, writes(id_), 0, site)) return false;
    auto& waiters = e.objects().waiters(id_);
    for (Tid t : waiters) e.wake(t);
    waiters.clear();
    return true;
  }

 private:
  ObjectId id_;
};

}  // namespace raddle::engine
