// Data choice: every value in 0..n-1 is explored.
#pragma once
#include "checker/engine/engine.h"

namespace raddle::engine {

/// Precondition: 1 <= n <= kMaxArity. Returns 0 when torn down.
inline int choose(Engine& e, int n, const Site& site) {
  if (n <= 1) return 0;
  Operation& op = e.next_operation();
  op = {};
  op.kind = OpKind::Choose;
  op.arity = static_cast<std::uint16_t>(n);
  op.site = site;
  if (!e.announce()) return 0;
  e.self().result = e.self().alt;
  return e.self().alt;
}

}  // namespace raddle::engine
