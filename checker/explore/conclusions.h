// What is settled when a search has ended, by executing schedules again: whether predicted deadlocks happen, and whether
// the model does the same again.
#pragma once
#include "checker/explore/checker.h"

namespace raddle::explore {

/// Which of the predicted deadlocks happen. A search that has seen everything knows; else each is looked for.
void settle_lock_orders(engine::Engine& e, engine::Program& program, const CheckOptions& o,
                        CheckReport& report);

/// What cannot be shown again is no finding: then the search counts as aborted, since the model is not deterministic.
void drop_unrepeated(CheckReport& report);

/// Executes one schedule of the search several times. If they differ, the search counts as aborted, for a reason that
/// names the first event that does. `inspector`: the search's.
void verify_determinism(engine::Engine& e, engine::Program& program, const Inspector& inspector,
                        CheckReport& report);

}  // namespace raddle::explore
