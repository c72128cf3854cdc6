// Asking about a thread's life. Ends of threads are normally no events; the first question makes them visible.
#pragma once
#include "checker/engine/mutex.h"

namespace raddle::engine {

inline constexpr const char* kLivesDiffer = "somebody asks whether one of them has ended";

/// Has `t` not ended? Also false when the caller is torn down.
inline bool is_alive(Engine& e, Tid t, const Site& site) {
  if (!e.tell_apart(t, kLivesDiffer)) return false;
  if (!e.is_revealed(Hidden::ThreadEnds)) return e.reveal(Hidden::ThreadEnds), false;
  if (!e.visible(OpKind::ThreadAlive, reads(e.thread(t).life), 0, site)) return false;
  const bool alive = !e.ended(t);
  e.self().result = alive;
  return alive;
}

/// Waits for the end of `t`. false: expired, or torn down.
inline bool join_for(Engine& e, Tid t, Nanoseconds timeout, const Site& site) {
  if (!e.tell_apart(t, kLivesDiffer)) return false;
  if (!e.is_revealed(Hidden::ThreadEnds)) return e.reveal(Hidden::ThreadEnds), false;
  ObjectId life = e.thread(t).life;
  if (!timed_operation(e, OpKind::TimedJoin, reads(life), life, timeout, site)) return false;
  bool ended = !e.expired();
  e.self().result = ended;
  return ended && e.join(t);
}

}  // namespace raddle::engine
