// The transitions that are enabled in the current state, for strategies.
#pragma once
#include "checker/engine/engine.h"

namespace raddle::explore {

/// Calls f(tid, alternative) for every alternative in which the pending operation of `t` can be executed now.
template <class F>
[[gnu::always_inline]] inline void for_each_alternative(const engine::Engine& e, engine::Tid t, F&& f) {
  const engine::Operation& op = e.thread(t).op;
  if (e.enabled(t)) {
    if (op.kind == engine::OpKind::Choose) [[unlikely]] {
      for (int a = 0; a < op.arity; ++a) f(t, static_cast<engine::Alternative>(a));
    } else if (op.kind == engine::OpKind::NotifyOne) [[unlikely]] {
      const auto& waiters = e.waiters(engine::object_of(op.a0));
      if (waiters.empty()) f(t, engine::Alternative{0});
      for (engine::Tid w : waiters) {
        f(t, static_cast<engine::Alternative>(w + 1));
        if (!e.notify_any()) break;
      }
    } else {
      f(t, engine::Alternative{0});
    }
  }
  if (e.expirable(t)) f(t, engine::kExpire);
}

/// Calls f(tid, alternative) for every enabled transition, threads in ascending order. Complete only while no thread
/// is launchable.
template <class F>
[[gnu::always_inline]] inline void for_each_enabled(const engine::Engine& e, F&& f) {
  e.ready().for_each([&](engine::Tid t) { for_each_alternative(e, t, f); });
}

/// The thread that has executed the latest event, if nobody may come before its next one (kGlued); else kNoThread.
inline engine::Tid held(const engine::Engine& e) {
  engine::Tid holder = engine::kNoThread;
  e.ready().for_each([&](engine::Tid t) {
    const engine::Thread& th = e.thread(t);
    const bool latest = th.last_step != engine::kNever && th.last_step == e.step() - 1;
    if (latest && engine::is_memory(th.op.kind) && th.op.memory & engine::kGlued) holder = t;
  });
  return holder;
}

/// Like for_each_enabled, but only what may come next. The reductions do not use it: they drop what cannot be instead
/// (see contiguous.h).
template <class F>
void for_each_possible(const engine::Engine& e, F&& f) {
  const engine::Tid holder = e.gluing() ? held(e) : engine::kNoThread;
  if (holder == engine::kNoThread) return for_each_enabled(e, f);
  for_each_alternative(e, holder, f);
}

/// The alternative in which a thread continues if nothing speaks for another one. Precondition: runnable.
inline engine::Alternative first_alternative(const engine::Engine& e, engine::Tid t) {
  const engine::Operation& op = e.thread(t).op;
  if (!e.enabled(t)) return engine::kExpire;
  if (op.kind != engine::OpKind::NotifyOne) return 0;
  const auto& waiters = e.waiters(engine::object_of(op.a0));
  return static_cast<engine::Alternative>(waiters.empty() ? 0 : waiters.front() + 1);
}

}  // namespace raddle::explore
