// Executions in which a thread cannot be interrupted everywhere: some of its events are glued to the one before
// (Memory::kGlued). The reductions explore all orders of events, as if it could be, since what is between two classes
// without such an interruption may be classes with one. What cannot be is dropped at the end: the classes that have no
// order in which all that is glued is together.
#pragma once
#include <vector>

#include "checker/explore/races.h"

namespace raddle::explore {

struct Contiguous {
  bool possible = true;
  /// An equivalent order of the events (their steps) in which all that is glued is together; empty: as they are.
  std::vector<engine::Step> order;
};

/// Of the execution that has ended with `outcome`.
Contiguous make_contiguous(const engine::Engine& e, const engine::History& history, const Races& races);

}  // namespace raddle::explore
