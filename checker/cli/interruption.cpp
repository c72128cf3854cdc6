#include "checker/cli/interruption.h"

#include <unistd.h>

#include <array>
#include <csignal>

namespace raddle::cli {
namespace {

constexpr std::array kSignals = {SIGINT, SIGTERM};

std::atomic<bool> interrupted = false;
static_assert(std::atomic<bool>::is_always_lock_free);
std::array<struct sigaction, kSignals.size()> before;

extern "C" void interrupt(int signal, siginfo_t* info, void*) {
  const bool by_the_model = info->si_code <= 0 && info->si_pid == ::getpid();
  if (!interrupted.exchange(true) || by_the_model) return;
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

}  // namespace

Interruption::Interruption() {
  interrupted = false;
  struct sigaction action {};
  action.sa_sigaction = interrupt;
  action.sa_flags = SA_RESTART | SA_ONSTACK | SA_SIGINFO;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    ::sigaction(kSignals[i], nullptr, &before[i]);
    // Who has us ignore it (nohup, a shell's background job) means it.
    if (before[i].sa_handler != SIG_IGN) ::sigaction(kSignals[i], &action, nullptr);
  }
}

Interruption::~Interruption() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before[i], nullptr);
}

const std::atomic<bool>* Interruption::requested() const { return &interrupted; }

}  // namespace raddle::cli
