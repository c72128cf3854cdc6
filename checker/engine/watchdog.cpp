#include "checker/engine/watchdog.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace raddle::engine {

using std::chrono::nanoseconds;

// Near the deadline: long enough to finish an execution that goes on, short enough not to be noticed.
constexpr nanoseconds kPatience = std::chrono::milliseconds(250);

Watchdog::Watchdog(Limits limits, Hooks hooks) : limits_(limits), hooks_(std::move(hooks)) {
  if (limits_.standstill.count() == 0) limits_.standstill = nanoseconds::max();
  ::pthread_getcpuclockid(::pthread_self(), &clock_);
  // Signals are for the thread that is watched.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread(&Watchdog::watch, this);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Watchdog::~Watchdog() {
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

nanoseconds Watchdog::processor_time() const {
  timespec t{};
  ::clock_gettime(clock_, &t);
  return std::chrono::seconds(t.tv_sec) + nanoseconds(t.tv_nsec);
}

bool Watchdog::hurried() const {
  if (Clock::now() < limits_.deadline && !(limits_.asked_to_end && *limits_.asked_to_end)) return false;
  return !hooks_.hurried || hooks_.hurried();
}

Watchdog::Standstill Watchdog::wait_for_standstill(std::uint64_t& last,
                                                   const std::optional<std::uint64_t>& interrupted_at) {
  const auto period = std::clamp<nanoseconds>(std::min(limits_.standstill / 20, kPatience / 5),
                                              std::chrono::milliseconds(1), std::chrono::milliseconds(250));
  nanoseconds started = processor_time(), before = started;
  nanoseconds idle{};  // the periods in which the thread did not run at all
  std::unique_lock lock(mutex_);
  for (;;) {
    if (wake_.wait_for(lock, period, [this] { return done_; })) return Standstill::None;
    const nanoseconds now = processor_time();
    if (const std::uint64_t progress = hooks_.progress(); progress != last) {
      last = progress;
      started = now;
      idle = {};
    } else if (now - before < period / 100) {
      idle += period;
    }
    before = now;
    in_haste_ = hurried() ? in_haste_ + period : nanoseconds(0);
    if (in_haste_ >= kPatience && hooks_.cut_short) hooks_.cut_short();
    const nanoseconds still = std::max(now - started, idle);
    if (still >= limits_.standstill) return Standstill::Long;
    if (last != interrupted_at && still >= kPatience && in_haste_.count() > 0) return Standstill::OutOfTime;
  }
}

void Watchdog::watch() {
  std::uint64_t last = hooks_.progress();
  std::optional<std::uint64_t> interrupted_at;
  for (;;) {
    const Standstill found = wait_for_standstill(last, interrupted_at);
    if (found == Standstill::None) return;
    if (last == interrupted_at) {
      hooks_.give_up();
      return;
    }
    hooks_.interrupt(found == Standstill::OutOfTime);
    interrupted_at = last;
  }
}

}  // namespace raddle::engine
