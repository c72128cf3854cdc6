#include "checker/cli/supervision.h"

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "checker/cli/crash.h"
#include "checker/cli/interruption.h"
#include "checker/cli/terminal.h"
#include "checker/engine/crash.h"
#include "checker/engine/error.h"
#include "reports/policy.h"

namespace raddle::cli {

/// What the child's last words are: they survive its end.
struct SharedState {
  /// Executions, by process: one that others write to all the time would slow all of them down.
  struct alignas(64) Begun {
    std::atomic<std::uint64_t> count = 0;
  };
  static constexpr std::size_t kProcesses = 1 + kMostJobs;
  std::array<Begun, kProcesses> begun;
  std::atomic<bool> concluded = false;  // its exit status is raddle's, not the model's
  std::atomic<bool> stuck = false;
  std::atomic<bool> stack_used_up = false;
  std::atomic<int> crash = 0;  // signal: the model has crashed, and what came then was in vain
  std::atomic<std::uint64_t> begun_at_crash = 0;
  std::atomic<int> runs_before_crash = -1;  // not negative: it has crashed while it was loaded
  char place[256] = {};                     // where it is stuck
};

/// The model's program; counts over all searches and replays how often it was begun.
class CountedProgram : public engine::Program {
 public:
  CountedProgram(engine::Program& program, std::atomic<std::uint64_t>& begun,
                 std::function<void(const engine::Crash&)> crashed)
      : program_(program), begun_(&begun), crashed_(std::move(crashed)) {}

  /// From now on counts there.
  void count_in(std::atomic<std::uint64_t>& begun) { begun_ = &begun; }

  void begin(engine::Engine& e) override {
    begun_->store(begun_->load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    program_.begin(e);
  }
  void main(engine::Engine& e) override { program_.main(e); }
  void end(engine::Engine& e) override { program_.end(e); }
  void tear_down(engine::Engine& e, engine::Thread& t) override { program_.tear_down(e, t); }
  void killed(engine::Engine& e) override { program_.killed(e); }
  engine::Site crashed(engine::Engine& e, engine::Thread& t) override {
    crashed_(e.crash());
    return program_.crashed(e, t);
  }
  std::size_t stack_size() const override { return program_.stack_size(); }
  void watched_change(engine::Engine& e) override { program_.watched_change(e); }
  std::uint64_t local_state(engine::Engine& e, engine::Thread& t) override {
    return program_.local_state(e, t);
  }
  void save(engine::WireWriter& out) const override { program_.save(out); }
  void merge(engine::WireReader& in) override { program_.merge(in); }
  std::string learnt() const override { return program_.learnt(); }
  void set_learnt(std::string_view text) override { program_.set_learnt(text); }
  std::string_view output() const override { return program_.output(); }

 private:
  engine::Program& program_;
  std::atomic<std::uint64_t>* begun_;
  std::function<void(const engine::Crash&)> crashed_;
};

namespace {

std::string how_it_ended(int status) {
  if (WIFEXITED(status)) return "it ended the process with status " + std::to_string(WEXITSTATUS(status));
  const int signal = WTERMSIG(status);
  if (signal == SIGKILL) return "SIGKILL (its own, from outside, or for want of memory)";
  return engine::words_of_signal(signal);
}

}  // namespace

Supervision::Supervision(engine::Watchdog::Limits limits) : limits_(limits) {
  void* memory =
      ::mmap(nullptr, sizeof(SharedState), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw std::bad_alloc();
  shared_ = new (memory) SharedState;
}

Supervision::~Supervision() {
  stop_watching();
  ::munmap(shared_, sizeof(SharedState));
}

int Supervision::run(const std::function<int()>& work, const std::function<int(const Loss&)>& lost) {
  std::signal(SIGCHLD, SIG_DFL);  // were it ignored, as some parents have it, nobody could wait
  const SignalQueue signals;
  const pid_t self = ::getpid();
  for (;;) {
    const pid_t child = ::fork();
    if (child < 0) throw engine::UserError(std::string("cannot start a process: ") + std::strerror(errno));
    if (child == 0) break;
    const int status = wait_for(child, signals);
    if (WIFEXITED(status) && shared_->concluded) return WEXITSTATUS(status);
    if (WIFSIGNALED(status) && WTERMSIG(status) == interrupted_) signals.die_of(interrupted_);
    most_runs_ = shared_->runs_before_crash.exchange(-1);
    if (most_runs_ >= 0 && !interrupted_) continue;
    if (can_overwrite_errors()) print_error("\r\x1b[K");  // there may be a line about progress
    return lost(loss(status));
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != self) ::_exit(reports::kExitInconclusive);  // too late for that
  signals.give_back();
  note_used_up_stack(shared_->stack_used_up);
  crash_handler_.emplace();
  struct Concluded {
    SharedState* shared;
    ~Concluded() { shared->concluded = true; }
  } concluded{shared_};
  return work();
}

int Supervision::wait_for(int child, const SignalQueue& signals) {
  for (;;) {
    siginfo_t info{};
    const int signal = signals.next(std::chrono::steady_clock::time_point::max(), &info);
    if (signal != SIGCHLD) {
      // A terminal tells the child itself, and a debugger in there takes two for two.
      const bool child_has_it = info.si_code == SI_KERNEL && ::getpgid(child) == ::getpgrp();
      // A model may send one in each execution.
      const bool again_by_model = interrupted_ && info.si_code <= 0 && info.si_pid == child;
      interrupted_ = signal;
      if (!child_has_it && !again_by_model) ::kill(child, signal);
      continue;
    }
    int status = 0;
    if (::waitpid(child, &status, WNOHANG | WUNTRACED) != child) continue;
    if (!WIFSTOPPED(status)) return status;
    if (WSTOPSIG(status) != SIGSTOP) continue;  // the terminal stops both
    ::raise(SIGSTOP);
    ::kill(child, SIGCONT);
  }
}

Loss Supervision::loss(int status) const {
  Loss loss;
  const int crash = shared_->crash;
  const std::uint64_t begun = crash ? shared_->begun_at_crash.load() : executions();
  loss.executions = begun - (begun > 0);
  if (shared_->stuck && !crash) {
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%g s", 2e-9 * static_cast<double>(limits_.standstill.count()));
    loss.reason = "standstill";
    loss.detail = "the model cannot be stopped";
    loss.message = std::string("The model has done nothing that raddle can see for ") + seconds +
                   " and cannot be stopped: it is" +
                   (shared_->place[0] ? " at " + std::string(shared_->place) + "," : std::string()) +
                   " in C code that does not return, or waits for something outside.";
    if (shared_->place[0]) loss.detail += ", at " + std::string(shared_->place);
    return loss;
  }
  loss.reason = "crash";
  loss.detail = "the model crashed";
  loss.message =
      "The model crashed " +
      (begun > 0 ? "in execution " + std::to_string(begun) : std::string("while it was being prepared")) +
      ": " + (crash ? engine::words_of_signal(crash) : how_it_ended(status)) +
      (shared_->stack_used_up ? ", because a thread has used up its stack." : ".");
  return loss;
}

void Supervision::give_up() {
  shared_->stuck = true;
  std::snprintf(shared_->place, sizeof shared_->place, "%s", place_of_standstill());
  ::_exit(reports::kExitInconclusive);
}

void Supervision::leave(int status) {
  shared_->concluded = true;
  ::_exit(status);
}

std::unique_ptr<Model> Supervision::load(const ModelSpec& spec, const std::string& standard_input) {
  const auto crashed = [this](int runs) {
    shared_->runs_before_crash = runs;
    ::_exit(reports::kExitInconclusive);
  };
  return load_model(spec, standard_input, limits_, most_runs_, {[this] { give_up(); }, crashed});
}

engine::Program& Supervision::watch(engine::Engine& engine, Model& model) {
  const auto crashed = [this](const engine::Crash& crash) {
    if (shared_->crash) return;
    shared_->begun_at_crash = executions();
    shared_->stack_used_up = crash.stack_used_up;
    shared_->crash = crash.signal;
  };
  program_ = std::make_unique<CountedProgram>(model.program(), shared_->begun[0].count, crashed);
  model_ = &model;
  start_watchdog(engine, shared_->begun[0].count);
  return *program_;
}

void Supervision::start_watchdog(engine::Engine& engine, const std::atomic<std::uint64_t>& begun) {
  if (!limits_.any()) return;
  Model& model = *model_;
  engine::Watchdog::Hooks hooks;
  // Step and recorder are written by the model's OS thread alone and read here without synchronization: any change
  // tells, and what is a moment old does no harm.
  hooks.progress = [&engine, &model, &begun, this, waits = std::uint64_t{0}]() mutable {
    waits += model.waits_for_input() || paused_;
    return begun << 32 ^ (static_cast<std::uint64_t>(engine.step()) + waits);
  };
  auto interrupted_at = std::make_shared<std::vector<engine::Step>>();  // of this OS thread alone
  hooks.interrupt = [&engine, &model, interrupted_at](bool out_of_time) {
    interrupted_at->push_back(engine.step());
    model.interrupt(out_of_time);
  };
  hooks.give_up = [this] { give_up(); };
  // What was found is still to be written down when time is over, up to where it was interrupted before.
  hooks.hurried = [&engine, interrupted_at] {
    const auto& steps = *interrupted_at;
    return !engine.recorder() || std::find(steps.begin(), steps.end(), engine.step()) != steps.end();
  };
  hooks.cut_short = [&engine] { engine.cut_short(); };
  watchdog_ = std::make_unique<engine::Watchdog>(limits_, std::move(hooks));
}

// The watchdog's OS thread has stayed behind in the old process.
void Supervision::enter(std::size_t i, engine::Engine& engine) {
  static_cast<void>(watchdog_.release());
  paused_ = false;
  std::atomic<std::uint64_t>& begun = shared_->begun[1 + i].count;
  program_->count_in(begun);
  start_watchdog(engine, begun);
}

// What ends a worker ends this process, too, in the same way: whoever waits for it knows what to say about that.
void Supervision::lost(std::size_t, int status) {
  if (WIFEXITED(status)) ::_exit(WEXITSTATUS(status));
  ::signal(WTERMSIG(status), SIG_DFL);
  ::raise(WTERMSIG(status));
  ::_exit(reports::kExitInconclusive);
}

std::uint64_t Supervision::executions() const {
  std::uint64_t sum = 0;
  for (const SharedState::Begun& b : shared_->begun) sum += b.count.load(std::memory_order_relaxed);
  return sum;
}

void Supervision::stop_watching() { watchdog_.reset(); }

}  // namespace raddle::cli
