// Notices a model that runs without ever doing anything visible: raddle's scheduler, which lives in the model's own
// thread, gets no chance to.
#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>

namespace raddle::engine {

class Watchdog {
 public:
  struct Hooks {
    /// Changes whenever the model makes progress.
    std::function<std::uint64_t()> progress;
    /// Asks the thread that makes none to end.
    std::function<void()> interrupt;
    /// That was to no avail. Does not return, or the watchdog ends.
    std::function<void()> give_up;
  };

  /// Watches the calling OS thread until it is destroyed. Without progress for `limit` it interrupts; without progress
  /// for `limit` more it gives up. What counts is the time that the thread has spent on a processor, or the time that
  /// has passed while it spent none: a busy machine or a stopped process is not the model's fault.
  Watchdog(std::chrono::nanoseconds limit, Hooks hooks);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  void watch();
  /// Returns true when `limit` has passed without progress, false when the watchdog is to end.
  bool wait_for_standstill(std::uint64_t& last);
  std::chrono::nanoseconds processor_time() const;

  std::chrono::nanoseconds limit_;
  Hooks hooks_;
  clockid_t clock_{};
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace raddle::engine
