#include "checker/engine/crash_handler.h"

#include <signal.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "checker/engine/crash.h"
#include "checker/engine/engine.h"

// Of sanitizers, in whatever they were linked into.
extern "C" {
[[gnu::weak]] void __asan_init();
[[gnu::weak]] void __msan_init();
[[gnu::weak]] void __tsan_init();
}

namespace raddle::engine {

std::string words_of_signal(int signal) {
  switch (signal) {
    case SIGSEGV: return "segmentation fault";
    case SIGBUS: return "bus error";
    case SIGFPE: return "arithmetic error";
    case SIGILL: return "illegal instruction";
    case SIGABRT: return "abort";
  }
  const char* name = ::sigabbrev_np(signal);
  return name ? std::string("SIG") + name : "signal " + std::to_string(signal);
}

std::string Crash::words() const {
  return words_of_signal(signal) + (stack_used_up ? ", because a thread has used up its stack" : "");
}

namespace {

constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr std::size_t kStack = std::size_t{64} << 10;

std::mutex mutex;
int handlers = 0;  // of all OS threads
std::array<struct sigaction, kSignals.size()> before;

thread_local constinit char* last_stack =
    nullptr;                         // end of the one on which a thread leaves that has crashed
thread_local constinit Crash crash;  // that is on its way there
static_assert(sizeof(Crash) <= 8);

// On a stack of its own: that of the thread may be used up, and nobody will look at it again.
extern "C" void leave_crashed_thread() { Engine::current()->end_by_crash(crash); }

#if defined(__x86_64__)
constexpr bool kSupported = true;
std::uintptr_t stack_pointer(const ucontext_t& u) {
  return static_cast<std::uintptr_t>(u.uc_mcontext.gregs[REG_RSP]);
}
// As if it had been called there.
void divert(ucontext_t& u) {
  u.uc_mcontext.gregs[REG_RSP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(last_stack) - 8);
  u.uc_mcontext.gregs[REG_RIP] = static_cast<greg_t>(reinterpret_cast<std::uintptr_t>(&leave_crashed_thread));
  constexpr greg_t kDirection = 1 << 10;
  u.uc_mcontext.gregs[REG_EFL] &= ~kDirection;
}
#elif defined(__aarch64__)
constexpr bool kSupported = true;
std::uintptr_t stack_pointer(const ucontext_t& u) { return u.uc_mcontext.sp; }
void divert(ucontext_t& u) {
  u.uc_mcontext.sp = reinterpret_cast<std::uintptr_t>(last_stack);
  u.uc_mcontext.pc = reinterpret_cast<std::uintptr_t>(&leave_crashed_thread);
  u.uc_mcontext.regs[29] = u.uc_mcontext.regs[30] = 0;
}
#else
constexpr bool kSupported = false;
std::uintptr_t stack_pointer(const ucontext_t&) { return 0; }
void divert(ucontext_t&) {}
#endif

bool is_own(const siginfo_t& info) { return info.si_code > 0 || info.si_pid == ::getpid(); }

// Only what may be used in a signal handler.
extern "C" void handle_crash(int signal, siginfo_t* info, void* context) {
  auto& at = *static_cast<ucontext_t*>(context);
  const Engine* engine = Engine::current();
  if (last_stack && engine && is_own(*info) && engine->runs_model_at(stack_pointer(at))) {
    const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
    crash = {signal, info->si_code > 0 && engine->is_behind_stack(address)};
    divert(at);
    return;
  }
  for (std::size_t i = 0; i < kSignals.size(); ++i)
    if (kSignals[i] == signal) ::sigaction(signal, &before[i], nullptr);
  // An instruction fails again when this returns. Nobody sends again what was sent.
  if (info->si_code <= 0) ::raise(signal);
}

bool wanted() {
  if (!kSupported || &__asan_init || &__msan_init || &__tsan_init) return false;
  const char* set = std::getenv("RADDLE_CATCH_CRASHES");
  return !set || std::strcmp(set, "0") != 0;
}

}  // namespace

struct CrashHandler::Stacks {
  alignas(16) char handlers[kStack];
  alignas(16) char last[kStack];
  stack_t handlers_before{};
  bool uses_own = false;
  char* last_before = nullptr;
};

CrashHandler::CrashHandler() {
  if (!wanted()) return;
  stacks_ = std::make_unique_for_overwrite<Stacks>();
  stacks_->last_before = last_stack;
  last_stack = stacks_->last + sizeof stacks_->last;
  ::sigaltstack(nullptr, &stacks_->handlers_before);
  if (stacks_->handlers_before.ss_flags & SS_DISABLE) {
    const stack_t own{.ss_sp = stacks_->handlers, .ss_flags = 0, .ss_size = sizeof stacks_->handlers};
    stacks_->uses_own = ::sigaltstack(&own, nullptr) == 0;
  }
  const std::lock_guard lock(mutex);
  if (handlers++ > 0) return;
  struct sigaction action {};
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  action.sa_sigaction = handle_crash;
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &action, &before[i]);
}

CrashHandler::~CrashHandler() {
  if (!stacks_) return;
  {
    const std::lock_guard lock(mutex);
    if (--handlers == 0)
      for (std::size_t i = 0; i < kSignals.size(); ++i) {
        struct sigaction now {};
        ::sigaction(kSignals[i], nullptr, &now);
        // Somebody else may have put another one there meanwhile.
        if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == handle_crash)
          ::sigaction(kSignals[i], &before[i], nullptr);
      }
  }
  if (stacks_->uses_own) ::sigaltstack(&stacks_->handlers_before, nullptr);
  last_stack = stacks_->last_before;
}

}  // namespace raddle::engine
