// Sleeping and yielding. Under the free clock they order nothing and are no operations: time passes for the sleeper
// alone. Under the virtual clock a sleeper can go on when the clock has reached its deadline.
#pragma once
#include "checker/engine/engine.h"
#include "checker/engine/recorder.h"

namespace raddle::engine {

/// `ns` >= 0; 0: a yield. false: torn down.
inline bool sleep(Engine& e, std::int64_t ns, const Site& site) {
  if (e.virtual_clock()) {
    Operation& op = e.next_operation();
    op = {};
    op.kind = OpKind::Sleep;
    op.deadline = e.virtual_now() + ns;
    op.site = site;
    if (!e.announce()) return false;
  } else if (e.recorder()) [[unlikely]] {
    e.recorder()->note(e, e.self(), NoteKind::Sleep, kNoThread, {}, site);
  }
  e.self().rested = e.self().count;
  if (ns > 0) e.advance(ns);
  return true;
}

}  // namespace raddle::engine
