// Ctrl-C: the process that waits gets it and passes it on to the one that searches.
#pragma once
#include <signal.h>

#include <atomic>
#include <chrono>

namespace raddle::cli {

/// For the process that waits: while it lives, SIGINT, SIGTERM and SIGCHLD wait to be fetched with next().
class SignalQueue {
 public:
  SignalQueue();
  ~SignalQueue() { give_back(); }
  SignalQueue(const SignalQueue&) = delete;
  SignalQueue& operator=(const SignalQueue&) = delete;

  /// Waits for one. 0: none has come by then. `info`: what the kernel says about it.
  int next(std::chrono::steady_clock::time_point until = std::chrono::steady_clock::time_point::max(),
           siginfo_t* info = nullptr) const;
  /// In the child: all is as before.
  void give_back() const { ::sigprocmask(SIG_SETMASK, &before_, nullptr); }
  /// Ends this process as if the signal had done it.
  void die_of(int signal) const;

 private:
  sigset_t awaited_{}, before_{};
};

/// For the process that searches: while it lives, the first SIGINT or SIGTERM asks for an orderly end, and the second
/// one kills (unless the model sends it). Those that come at once are one: a terminal sends them to both processes, and
/// timeout(1) to process and group. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();
  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  /// Set by the signal.
  static const std::atomic<bool>* requested();
};

}  // namespace raddle::cli
