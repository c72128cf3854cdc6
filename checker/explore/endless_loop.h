// Loops that keep executions from ending: polling, retries, workers that never stop.
//
// A depth-first search runs one thread as long as it can go on. A loop that waits for something that others would have
// to do then never ends, and the execution reaches the limit of events. The loop is found here from what the thread did
// last, its rounds are bounded (Engine::bound_loop), and the search starts again. Loops that end by themselves never
// come here: programs that have no others are explored completely, as if there were no bounds.
#pragma once
#include "checker/engine/history.h"

namespace raddle::explore {

/// If the execution has reached the limit of events: bounds the loop that it is in. false: it has not, or no loop
/// is to be seen in it.
bool bound_endless_loop(engine::Engine& e, const engine::History& history);

}  // namespace raddle::explore
