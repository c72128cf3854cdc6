// What goes on around the model while raddle runs it: a process of its own, whose end is a verdict however it comes
// about, and the watchdog.
//
// The model runs inside raddle's process and can take it down in ways that nothing in that process survives or even
// notices: SIGKILL, exit() in C code, the kernel when memory runs out. So whoever waits for the verdict is another one.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "checker/cli/model.h"
#include "checker/engine/crash_handler.h"
#include "checker/engine/engine.h"
#include "checker/engine/watchdog.h"
#include "checker/explore/parallel_search.h"

namespace raddle::cli {

/// Why a process came to no verdict, for people.
struct Loss {
  std::uint64_t executions = 0;  // before
  std::string reason;            // a word of results: "crash", "standstill"
  std::string detail;            // a phrase
  std::string message;           // a sentence
};

class CountedProgram;
class SignalQueue;
struct SharedState;

/// Worker processes, at most.
inline constexpr std::size_t kMostJobs = 256;

class Supervision : public explore::Processes {
 public:
  /// `limits`: for how long a thread of the model may run without a visible operation. Then it is interrupted, and
  /// when that does not help, all is lost.
  explicit Supervision(engine::Watchdog::Limits limits);
  ~Supervision() override;

  /// Runs `work`, which loads and runs the model, in a child process, where this returns what it returns or throws. In
  /// the calling process it returns that exit status, or calls `lost` if there is none. Signals to end go on to the
  /// child.
  int run(const std::function<int()>& work, const std::function<int(const Loss&)>& lost);

  /// In the calling process: was it told to end meanwhile?
  bool interrupted() const { return interrupted_ != 0; }

  // --- for `work`
  std::unique_ptr<Model> load(const ModelSpec& spec, const std::string& standard_input);
  /// From now on until stop_watching() the watchdog watches. Returns the program that `engine` is to run.
  engine::Program& watch(engine::Engine& engine, Model& model);
  void stop_watching();
  void pause(bool on) override { paused_ = on; }
  void enter(std::size_t i, engine::Engine& engine) override;
  void lost(std::size_t i, int status) override;
  /// From now on, a crash of the model ends the process.
  void let_crash() { crash_handler_.reset(); }
  /// Ends the child process at once, with this exit status.
  [[noreturn]] void leave(int status);
  /// How many executions were begun since watch(); any OS thread may ask.
  std::uint64_t executions() const;

 private:
  void start_watchdog(engine::Engine& engine, const std::atomic<std::uint64_t>& begun);
  [[noreturn]] void give_up();
  /// Until the child ends; returns its status as waitpid does.
  int wait_for(int child, const SignalQueue& signals);
  Loss loss(int status) const;

  engine::Watchdog::Limits limits_;
  SharedState* shared_;  // of both processes
  Model* model_ = nullptr;
  std::atomic<bool> paused_ = false;
  std::unique_ptr<CountedProgram> program_;
  std::unique_ptr<engine::Watchdog> watchdog_;
  std::optional<engine::CrashHandler> crash_handler_;  // of the child process
  int most_runs_ = -1;                                 // while the model is loaded; -1: as many as it takes
  int interrupted_ = 0;                                // the latest signal that went on to the child
};

}  // namespace raddle::cli
