// Notices a model that runs without ever doing anything visible: raddle's scheduler, which lives in the model's own
// thread, gets no chance to.
#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace raddle::engine {

class Watchdog {
 public:
  using Clock = std::chrono::steady_clock;

  struct Limits {
    /// How long there may be no progress; 0: for ever.
    std::chrono::nanoseconds standstill{};
    /// When all is to end: from then on much less than that is too long.
    Clock::time_point deadline = Clock::time_point::max();
    /// Set when all is to end at once, whatever the deadline; may be null.
    const std::atomic<bool>* asked_to_end = nullptr;

    bool any() const { return standstill.count() > 0 || deadline != Clock::time_point::max(); }
  };

  struct Hooks {
    /// Changes whenever the model makes progress.
    std::function<std::uint64_t()> progress;
    /// Asks the thread that makes none to end, `out_of_time` if only because of the deadline.
    std::function<void(bool out_of_time)> interrupt;
    /// That was to no avail. Does not return, or the watchdog ends.
    std::function<void()> give_up;
    /// Whether the deadline matters now; null: always.
    std::function<bool()> hurried = nullptr;
    /// All is to end, but the model has not come to an end although it makes progress. May be called again and again.
    std::function<void()> cut_short = nullptr;
  };

  /// Watches the calling OS thread until it is destroyed. Without progress for `standstill`, or past the deadline, it
  /// interrupts; without progress for `standstill` more it gives up. With progress past the deadline it cuts short. What counts is the time that the thread has spent
  /// on a processor, or the time that has passed while it spent none: a busy machine or a stopped process is not the
  /// model's fault.
  Watchdog(Limits limits, Hooks hooks);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

 private:
  enum class Standstill { None, OutOfTime, Long };  // None: the watchdog is to end

  void watch();
  /// Returns when there was no progress for too long. What was interrupted gets all the time to end, whatever the
  /// deadline: giving up costs what was found so far.
  Standstill wait_for_standstill(std::uint64_t& last, const std::optional<std::uint64_t>& interrupted_at);
  bool hurried() const;
  std::chrono::nanoseconds processor_time() const;

  Limits limits_;
  Hooks hooks_;
  clockid_t clock_{};
  std::chrono::nanoseconds in_haste_{};  // for how long all is to end by now
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace raddle::engine
