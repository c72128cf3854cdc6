// Manual-reset event; n = 1 when set. Waiting does not change it, so waiters are independent of one another.
#pragma once
#include "checker/engine/mutex.h"

namespace raddle::engine {

class Event {
 public:
  explicit Event(Engine& e) : id_(e.new_object()) {}
  explicit Event(ObjectId id) : id_(id) {}
  ObjectId id() const { return id_; }

  bool wait(Engine& e, const Site& site) { return e.visible(OpKind::EventWait, reads(id_), 0, site); }
  /// true: set; false: expired, or torn down.
  bool wait_for(Engine& e, Nanoseconds timeout, const Site& site) {
    if (!timed_operation(e, OpKind::EventWait, reads(id_), id_, timeout, site)) return false;
    const bool answer = !e.expired();
    e.self().result = answer;
    return answer;
  }
  bool set(Engine& e, const Site& site) { return change(e, OpKind::EventSet, 1, site); }
  bool clear(Engine& e, const Site& site) { return change(e, OpKind::EventClear, 0, site); }
  bool is_set(Engine& e, const Site& site) {
    if (!e.visible(OpKind::EventTest, reads(id_), 0, site)) return false;
    const bool answer = e.object(id_).n > 0;
    e.self().result = answer;
    return answer;
  }

 private:
  bool change(Engine& e, OpKind kind, std::int32_t n, const Site& site) {
    if (!e.visible(kind, writes(id_), 0, site, 0, kTries)) return false;
    e.object(id_).n = n;
    return true;
  }
  ObjectId id_;
};

}  // namespace raddle::engine
