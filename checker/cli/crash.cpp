#include "checker/cli/crash.h"

#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstring>

#include "checker/engine/engine.h"
#include "reports/policy.h"

namespace raddle::cli {
namespace {

struct FatalSignal {
  int number;
  const char* name;
};
constexpr std::array kFatal = {FatalSignal{SIGSEGV, "segmentation fault"}, FatalSignal{SIGBUS, "bus error"},
                               FatalSignal{SIGFPE, "arithmetic error"},
                               FatalSignal{SIGILL, "illegal instruction"}, FatalSignal{SIGABRT, "abort"}};

const engine::Engine* running = nullptr;

// Only what may be used in a signal handler.
void say(const char* text) { static_cast<void>(!::write(STDERR_FILENO, text, std::strlen(text))); }

void say(std::uint64_t number) {
  char digits[21];
  char* first = digits + 20;
  *first = 0;
  do *--first = static_cast<char>('0' + number % 10);
  while (number /= 10);
  say(first);
}

/// Did an access just below the stack's end fail?
bool stack_is_used_up(const siginfo_t& info, const void* context) {
#if defined(__x86_64__)
  const auto stack =
      static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_RSP]);
#elif defined(__aarch64__)
  const auto stack = static_cast<std::uintptr_t>(static_cast<const ucontext_t*>(context)->uc_mcontext.sp);
#else
  const auto stack = reinterpret_cast<std::uintptr_t>(context);
#endif
  constexpr std::uintptr_t kNear = 64 * 1024;
  const auto address = reinterpret_cast<std::uintptr_t>(info.si_addr);
  return info.si_signo == SIGSEGV && address + kNear > stack && address < stack + kNear;
}

extern "C" void report_crash(int signal, siginfo_t* info, void* context) {
  if (::isatty(STDERR_FILENO)) say("\r\x1b[K");  // there may be a line about progress
  say("raddle: the model crashed");
  if (running) {
    say(" in execution ");
    say(running->executions() + 1);
  }
  say(": ");
  for (const FatalSignal& f : kFatal)
    if (f.number == signal) say(f.name);
  if (stack_is_used_up(*info, context)) say(", because a thread has used up its stack");
  say(".\nNothing is known about its other interleavings.\n");
  ::_exit(reports::kExitInconclusive);
}

void set_actions(const struct sigaction& action) {
  for (const FatalSignal& f : kFatal) ::sigaction(f.number, &action, nullptr);
}

}  // namespace

void report_crashes() {
  static std::array<char, 64 * 1024> stack;
  const stack_t alternate{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  action.sa_sigaction = report_crash;
  set_actions(action);
}

void ignore_crashes() {
  struct sigaction action {};
  action.sa_handler = SIG_DFL;
  set_actions(action);
}

void crashes_belong_to(const engine::Engine* engine) { running = engine; }

}  // namespace raddle::cli
