// What goes on around the model while it runs: Ctrl-C, the watchdog, and what is said when it takes raddle down.
#pragma once
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "checker/cli/interruption.h"
#include "checker/cli/model.h"
#include "checker/cli/watchdog.h"
#include "checker/engine/engine.h"

namespace raddle::cli {

/// Where the model is stuck, for people.
struct Standstill {
  std::uint64_t executions = 0;  // before
  std::string message;
};

class Supervision {
 public:
  /// `watchdog`: how long the model may run without a visible operation; 0: for ever. When it cannot be stopped,
  /// `give_up` is called on another thread, and then the process ends with reports::kExitInconclusive.
  Supervision(engine::Engine& engine, Model& model, std::chrono::nanoseconds watchdog,
              std::function<void(const Standstill&)> give_up);
  ~Supervision();

  const std::atomic<bool>* interrupted() const { return interruption_.requested(); }

 private:
  Standstill standstill() const;

  engine::Engine& engine_;
  std::chrono::nanoseconds limit_;
  Interruption interruption_;
  std::unique_ptr<Watchdog> watchdog_;
};

/// "1.5 s"
std::string in_seconds(std::chrono::nanoseconds time);

}  // namespace raddle::cli
