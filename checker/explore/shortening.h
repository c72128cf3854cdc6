// What becomes of a finding before it is written down: minimised (minimise.h), and explained if it is an error
// (explain.h). That takes hundreds of executions.
//
// A process in which the model has crashed is not fit for so many: each further crash leaves stacks behind, memory may be
// destroyed, locks may be held. There, copies of the process execute them: one minimises, and what it has come to when it
// ends counts, however it ends; another one, which starts from where the first did, has to see the same finding under the
// schedule that is left, and explains it.
#pragma once
#include <optional>

#include "checker/explore/explain.h"
#include "checker/explore/minimise.h"

namespace raddle::explore {

class Processes;

struct Shortened {
  Finding finding;
  std::optional<CriticalOrder> order;  // why it fails
};

/// Both take what they use from the budget. `updates_are_lost`: as in find_critical_order.
Shortened shorten(engine::Engine& e, engine::Program& program, const Finding& finding,
                  const DetectorOptions& detectors, bool updates_are_lost, MinimisingBudget& budget);
Shortened shorten_in_copies(engine::Engine& e, engine::Program& program, const Finding& finding,
                            const DetectorOptions& detectors, bool updates_are_lost, MinimisingBudget& budget,
                            Processes& processes);

}  // namespace raddle::explore
