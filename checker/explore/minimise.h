// Shorter witnesses: a schedule with the fewest preemptions that shows the same finding.
//
// Preemptions are what is hard to follow in a trace, and a schedule of a search has more than it needs. In this order:
//
//  (1) Of all schedules of the finding's own class, one with the fewest: a bounded search (bounded.h) that takes only
//      the class's events. Which one is a function of the class, not of the schedule that was found. Beyond 60 events
//      only the schedules are tried in which threads go on as long as they can.
//  (2) Of other classes, one with still fewer: a bounded search, which meets the cheapest first. If it comes to its end,
//      there is none with fewer preemptions.
//  (3) If it does not: preemptions are left out, several at once and then one by one (after A. Zeller, R. Hildebrandt,
//      "Simplifying and Isolating Failure-Inducing Input", TSE 28(2), 2002), each time letting the preempted thread
//      go on for as long as it can, and whoever cannot go on when it is to wait for its next turn.
//
// What it may cost: purse.h.
#pragma once
#include <functional>

#include "checker/explore/purse.h"
#include "checker/explore/witness.h"

namespace raddle::explore {

struct Minimised {
  Finding finding;        // with the schedule, and where in it things happen
  int preemptions = 0;    // in that schedule
  bool fewest = false;    // there is none with fewer
  bool repeated = false;  // else the finding is as it was: its schedule did not show it again
};

/// Takes what it uses from the budget. `better`: is called with what it will return as far as it is known, as often as
/// there is something better.
Minimised minimise(engine::Engine& e, engine::Program& program, const Finding& finding,
                   const DetectorOptions& detectors, MinimisingBudget& budget,
                   const std::function<void(const Finding&)>& better = {});

}  // namespace raddle::explore
