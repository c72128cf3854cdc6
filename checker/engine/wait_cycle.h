// Cycles of threads that wait for one another and cannot be helped by anybody else: each waits, without a timeout,
// for a mutex that only its owner may unlock, or for the end of a thread.
#pragma once
#include <vector>

#include "checker/engine/engine.h"

namespace raddle::engine {

/// The cycles among the threads that have not ended, each in the order of waiting, from its smallest thread on.
std::vector<std::vector<Tid>> wait_cycles(const Engine& e);

}  // namespace raddle::engine
