// One execution under the schedule of one run of a sampler, for its own sake: no search, no detectors, nothing is executed again.
#pragma once
#include <string>
#include <vector>

#include "checker/engine/engine.h"
#include "checker/engine/trace.h"

namespace raddle::explore {

enum class SingleStrategy : std::uint8_t { Random, Pct, Pos };

struct SingleRunOptions {
  SingleStrategy strategy = SingleStrategy::Random;
  std::uint64_t seed = 0;
  int depth = 3;               // Pct
  bool timeouts = true;        // timeouts may expire
  bool notify_any = true;      // a notification may choose any waiter
  bool virtual_clock = false;  // sleeps and timeouts in the order of their times
};

struct SingleRun {
  engine::Outcome outcome = engine::Outcome::Stopped;
  std::string abort_reason;
  std::vector<engine::Failure> failures;
  /// Of a deadlock: with it as the finding, and the events that led there, unless they are too many to keep.
  engine::Trace trace;
};

/// Runs it, with all that can be hidden visible from the start: nothing that turns up may make it start again.
SingleRun run_once(engine::Engine& e, engine::Program& program, const SingleRunOptions& options);

}  // namespace raddle::explore
