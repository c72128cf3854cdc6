#include "checker/cli/interruption.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>

namespace raddle::cli {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM};

using std::chrono::steady_clock;

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);
steady_clock::time_point first;
std::array<struct sigaction, kSignals.size()> before;

extern "C" void interrupt(int signal, siginfo_t* info, void*) {
  constexpr std::chrono::milliseconds kAtOnce{100};
  const auto now = steady_clock::now();
  if (!interrupted.exchange(true)) first = now;
  const bool by_the_model = info->si_code <= 0 && info->si_pid == ::getpid();
  if (by_the_model || now - first < kAtOnce) return;
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  ::sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

SignalQueue::SignalQueue() {
  ::sigemptyset(&awaited_);
  ::sigaddset(&awaited_, SIGCHLD);
  // Who has us ignore it (nohup, a shell's background job) means it.
  for (const int signal : kSignals)
    if (!is_ignored(signal)) ::sigaddset(&awaited_, signal);
  ::sigprocmask(SIG_BLOCK, &awaited_, &before_);
}

int SignalQueue::next(steady_clock::time_point until, siginfo_t* info) const {
  for (;;) {
    timespec rest{};
    const bool waits = until != steady_clock::time_point::max();
    if (waits) {
      const auto left =
          std::max<std::chrono::nanoseconds>(until - steady_clock::now(), std::chrono::nanoseconds(0))
              .count();
      rest.tv_sec = left / 1'000'000'000;
      rest.tv_nsec = left % 1'000'000'000;
    }
    const int signal = ::sigtimedwait(&awaited_, info, waits ? &rest : nullptr);
    if (signal > 0) return signal;
    if (waits && errno == EAGAIN) return 0;
  }
}

void SignalQueue::die_of(int signal) const {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
  give_back();
}

Interruption::Interruption() {
  interrupted = false;
  struct sigaction action {};
  action.sa_sigaction = interrupt;
  action.sa_flags = SA_RESTART | SA_ONSTACK | SA_SIGINFO;
  for (const int signal : kSignals) ::sigaddset(&action.sa_mask, signal);
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before[i]);
    if (!is_ignored(kSignals[i])) ::sigaction(kSignals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before[i], nullptr);
}

const std::atomic<bool>* Interruption::requested() { return &interrupted; }

}  // namespace raddle::cli
