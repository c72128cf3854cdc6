// What the threads themselves report: failed assertions, uncaught exceptions, exit statuses, misuse of objects,
// spinning. See engine::Failure.
#pragma once
#include "checker/detect/detector.h"

namespace raddle::detect {

/// The kind of finding that a failure is.
Kind kind_of(engine::Failure::Kind);

class Failures : public Detector {
 public:
  bool sees_cut_executions() const override { return true; }
  void end(const engine::Engine&, const engine::History&, engine::Outcome, Sink&) override;
};

}  // namespace raddle::detect
