#include "checker/cli/supervision.h"

#include <unistd.h>

#include <cstdio>

#include "checker/cli/crash.h"
#include "reports/policy.h"

namespace raddle::cli {

std::string in_seconds(std::chrono::nanoseconds time) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", static_cast<double>(time.count()) * 1e-9);
  return text;
}

Supervision::Supervision(engine::Engine& engine, Model& model, std::chrono::nanoseconds watchdog,
                         std::function<void(const Standstill&)> give_up)
    : engine_(engine), limit_(watchdog) {
  report_crashes(&engine);
  if (watchdog.count() == 0) return;
  // Both counters are written by the model's thread alone, and read here without synchronization: any change tells.
  watchdog_ = std::make_unique<Watchdog>(
      watchdog,
      Watchdog::Hooks{
          .progress =
              [&engine] { return engine.executions() << 32 ^ static_cast<std::uint64_t>(engine.step()); },
          .interrupt = [&model] { model.interrupt(); },
          .give_up =
              [this, give_up = std::move(give_up)] {
                give_up(standstill());
                ::_exit(reports::kExitInconclusive);
              }});
}

Supervision::~Supervision() {
  watchdog_.reset();
  report_crashes(nullptr);
}

Standstill Supervision::standstill() const {
  Standstill s;
  s.executions = engine_.executions();
  s.message = "The model has done nothing that raddle can see for " + in_seconds(2 * limit_) +
              " and cannot be stopped: it is in C code that does not return, or waits for something outside.";
  return s;
}

}  // namespace raddle::cli
