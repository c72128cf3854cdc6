// Daemon threads that the end of the process kills while they hold a lock, or could have gone on. (One that waits for
// work that never came has nothing to lose.)
#pragma once
#include "checker/detect/detector.h"

namespace raddle::detect {

class DaemonKilled : public Detector {
 public:
  void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) override;
};

}  // namespace raddle::detect
