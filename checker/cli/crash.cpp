#include "checker/cli/crash.h"

#include <ucontext.h>

#include <array>
#include <csignal>
#include <cstdint>

namespace raddle::cli {
namespace {

std::atomic<bool>* stack_used_up = nullptr;
static_assert(std::atomic<bool>::is_always_lock_free);

/// Did an access just below the stack's end fail?
bool is_stack_used_up(const siginfo_t& info, const void* context) {
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
  return info.si_code > 0 && address + kNear > stack && address < stack + kNear;
}

// Only what may be used in a signal handler. The default action comes when it returns: it makes the core dump.
extern "C" void note_crash(int signal, siginfo_t* info, void* context) {
  if (is_stack_used_up(*info, context)) *stack_used_up = true;
  ::raise(signal);
}

}  // namespace

void note_used_up_stack(std::atomic<bool>& flag) {
  stack_used_up = &flag;
  static std::array<char, 64 * 1024> stack;
  const stack_t alternate{.ss_sp = stack.data(), .ss_flags = 0, .ss_size = stack.size()};
  ::sigaltstack(&alternate, nullptr);
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESETHAND;
  action.sa_sigaction = note_crash;
  for (const int signal : {SIGSEGV, SIGBUS}) ::sigaction(signal, &action, nullptr);
}

}  // namespace raddle::cli
