// Deadlocks: threads are left and none of them can go on; or, where others went on until the process ended, threads
// wait for one another in a cycle that nobody else can break (see engine/wait_cycle.h). Which threads wait for what, the cycle, lost wake-ups and
// vanished lock holders are put into words by describe.cpp from the recorded execution.
#pragma once
#include "checker/detect/detector.h"

namespace raddle::detect {

class Deadlock : public Detector {
 public:
  void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) override;
};

}  // namespace raddle::detect
