// Hangs: executions in which whoever is left polls, or waits for somebody who does, and nothing will ever change.
//
// A search stops threads in loops that would keep an execution from ending (Engine::loops). Such an execution is cut, and
// says nothing, unless the last rounds of all those loops have left everything as it was: each thread's own state
// (Program::local_state), and all objects that the rounds have touched. Then the same rounds can follow again and again,
// with every thread that can go on taking part: the execution has an infinite continuation that is fair and gets nowhere.
#pragma once
#include "checker/detect/detector.h"

namespace raddle::detect {

class Hang : public Detector {
 public:
  void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) override;
  /// Observation::steps: the first event of the last rounds.
  enum Steps { kRounds };
};

}  // namespace raddle::detect
