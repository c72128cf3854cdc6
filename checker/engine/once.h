// Once flag: n = 0 new, 1 running, 2 done. Whoever comes while the function runs waits; if the function fails, the
// next one runs it.
#pragma once
#include "checker/engine/engine.h"

namespace raddle::engine {

class Once {
 public:
  explicit Once(Engine& e) : id_(e.new_object()) {}
  ObjectId id() const { return id_; }

  /// true: the caller runs the function, then calls `end`.
  bool begin(Engine& e, const Site& site) {
    if (!e.visible(OpKind::OnceBegin, writes(id_), 0, site, 0, kTries)) return false;
    bool mine = e.object(id_).n == 0;
    if (mine) e.object(id_).n = 1;
    e.self().result = mine;
    return mine;
  }
  bool end(Engine& e, bool succeeded, const Site& site) {
    if (!e.visible(OpKind::OnceEnd, writes(id_), 0, site)) return false;
    e.object(id_).n = succeeded ? 2 : 0;
    return true;
  }

 private:
  ObjectId id_;
};

}  // namespace raddle::engine
