// Weak initials of sequences of transitions: what decides where a sequence belongs in an exploration tree.
#pragma once
#include <climits>

#include "checker/engine/history.h"

namespace raddle::explore {

/// Results of weak_initial besides positions.
inline constexpr int kNotInitial = -2, kAbsent = -1;

/// Is x a weak initial of v: can v, or a continuation of it, be reordered to start with x? Its position in v, kAbsent
/// (yes: x's thread does nothing in v), or kNotInitial. `decider`: the position that decided, n for the end of v.
/// `transition(k)`: that at position k.
template <class F>
int weak_initial(const engine::Transition& x, int n, F&& transition, int& decider) {
  for (decider = 0; decider < n; ++decider) {
    const engine::Transition& t = transition(decider);
    if (t.tid == x.tid) return t.alt == x.alt ? decider : kNotInitial;
    if (conflict(t, x)) return kNotInitial;
  }
  return kAbsent;
}

}  // namespace raddle::explore
