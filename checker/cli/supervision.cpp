#include "checker/cli/supervision.h"

#include <unistd.h>

#include <atomic>
#include <cstdio>

#include "checker/cli/crash.h"
#include "reports/policy.h"

namespace raddle::cli {

/// The model's program; counts over all searches and replays how often it was begun.
class CountedProgram : public engine::Program {
 public:
  explicit CountedProgram(engine::Program& program) : program_(program) {}
  std::uint64_t begun() const { return begun_.load(std::memory_order_relaxed); }

  void begin(engine::Engine& e) override {
    begun_.fetch_add(1, std::memory_order_relaxed);
    program_.begin(e);
  }
  void main(engine::Engine& e) override { program_.main(e); }
  void end(engine::Engine& e) override { program_.end(e); }
  void tear_down(engine::Engine& e, engine::Thread& t) override { program_.tear_down(e, t); }
  void killed(engine::Engine& e) override { program_.killed(e); }
  std::size_t stack_size() const override { return program_.stack_size(); }

 private:
  engine::Program& program_;
  std::atomic<std::uint64_t> begun_ = 0;
};

Standstill::Standstill(std::uint64_t executions_before, std::chrono::nanoseconds limit)
    : executions(executions_before) {
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%g s", 2e-9 * static_cast<double>(limit.count()));
  message = std::string("The model has done nothing that raddle can see for ") + seconds +
            " and cannot be stopped: it is in C code that does not return, or waits for something outside.";
}

Supervision::Supervision() { report_crashes(); }

Supervision::~Supervision() {
  stop_watching();
  ignore_crashes();
}

engine::Program& Supervision::watch(const engine::Engine& engine, Model& model,
                                    std::chrono::nanoseconds limit,
                                    std::function<void(const Standstill&)> give_up) {
  crashes_belong_to(&engine);
  program_ = std::make_unique<CountedProgram>(model.program());
  if (limit.count() == 0) return *program_;
  engine::Watchdog::Hooks hooks;
  // The step is written by the model's OS thread alone and read here without synchronization: any change tells.
  hooks.progress = [&engine, program = program_.get()] {
    return program->begun() << 32 ^ static_cast<std::uint64_t>(engine.step());
  };
  hooks.interrupt = [&model] { model.interrupt(); };
  hooks.give_up = [&engine, limit, give_up = std::move(give_up)] {
    give_up({engine.executions(), limit});
    ::_exit(reports::kExitInconclusive);
  };
  watchdog_ = std::make_unique<engine::Watchdog>(limit, std::move(hooks));
  return *program_;
}

std::uint64_t Supervision::executions() const { return program_->begun(); }

void Supervision::stop_watching() {
  watchdog_.reset();
  crashes_belong_to(nullptr);
}

}  // namespace raddle::cli
