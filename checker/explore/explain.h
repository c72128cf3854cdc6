// Why a run fails: one pair of events whose order decides it.
//
// In the witness of a finding, each race (races.h) is a pair of events that could have come the other way round. One is
// reversed, the rest follows without preemptions, and if that run passes, the order of the pair is *critical*. Of all that
// are, the one closest to the failure says what went wrong. There may be none: two pairs may have to be reversed at once.
// Then it is the latest event whose thread could have been put off, another one going on in its place, so that the run
// passes. If there is none of these either, nothing is said: everything may fail.
#pragma once
#include <optional>
#include <string>

#include "checker/explore/minimise.h"

namespace raddle::explore {

struct CriticalOrder {
  engine::Step first = 0;  // the event that came too early
  engine::Step second =
      engine::kNever;        // the one that should have come before it; kNever: its thread waits for it
  std::uint64_t thread = 0;  // of the second
  bool gone_on = false;      // `thread` should have gone on before the first; there is no second
  std::vector<NamedChoice> passing;  // the schedule of the run that passes
};

/// Of the execution that `finding.schedule` shows. Takes what it uses from the budget. `updates_are_lost`: the search has
/// found that, so that no run passes in which one seems to be.
std::optional<CriticalOrder> find_critical_order(engine::Engine& e, engine::Program& program,
                                                 const Finding& finding, const DetectorOptions& detectors,
                                                 bool updates_are_lost, MinimisingBudget& budget);

/// What happens in the run that passes; nothing if it is too long to be kept, or does not happen again.
engine::TraceRun passing_run(engine::Engine& e, engine::Program& program, const CriticalOrder& order);

/// Adds it in words, and the schedule of the run that passes, to the trace of the same execution.
void explain(const CriticalOrder& order, engine::TraceRecorder& recorder);

}  // namespace raddle::explore
