// What goes on around the model while raddle runs it: the watchdog, and what is said when the model takes raddle down.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "checker/cli/model.h"
#include "checker/engine/engine.h"
#include "checker/engine/watchdog.h"

namespace raddle::cli {

/// Where the model is stuck, for people.
struct Standstill {
  std::uint64_t executions = 0;  // before
  std::string message;

  Standstill(std::uint64_t executions_before, std::chrono::nanoseconds limit);
};

class CountedProgram;

/// To be made before the model is loaded, since that may run it.
class Supervision {
 public:
  Supervision();
  ~Supervision();

  /// From now on until stop_watching(): a thread of the model that runs for `limit` (0: for ever) without a visible
  /// operation is interrupted. When that does not help either, `give_up` is called on another OS thread, and then the
  /// process ends with reports::kExitInconclusive. Returns the program that `engine` is to run.
  engine::Program& watch(const engine::Engine& engine, Model& model, std::chrono::nanoseconds limit,
                         std::function<void(const Standstill&)> give_up);
  void stop_watching();
  /// How many executions were begun since watch(); any OS thread may ask.
  std::uint64_t executions() const;

 private:
  std::unique_ptr<CountedProgram> program_;
  std::unique_ptr<engine::Watchdog> watchdog_;
};

}  // namespace raddle::cli
