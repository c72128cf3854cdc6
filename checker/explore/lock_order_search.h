// A directed search for the deadlock that a lock-order cycle predicts: random executions in which each thread of the
// cycle is held back before the acquisition that would close it, until all of them are there. Whether they then wait for
// one another is for the detector of deadlocks to say. (After P. Joshi, C.-S. Park, K. Sen, M. Naik: "A Randomized
// Dynamic Program Analysis Technique for Detecting Real Deadlocks", PLDI 2009.)
#pragma once
#include <optional>
#include <vector>

#include "checker/explore/witness.h"

namespace raddle::explore {

/// Executes `program` until the predicted deadlock happens, or a number of attempts is used up. `prediction`: a finding
/// of kind lock-order with its trace. Adds the executions that it took to `executions`. None is returned if the deadlock was not
/// reached; that proves nothing.
std::optional<CheckedFinding> confirm_lock_order(engine::Engine& e, engine::Program& program,
                                                 const CheckedFinding& prediction, const Limits& limits,
                                                 std::uint64_t& executions);

/// Do starts and joins of threads order two of the cycle's acquisitions, in whatever execution? Then it cannot happen.
bool ordered_by_starts(const CheckedFinding& prediction);

}  // namespace raddle::explore
