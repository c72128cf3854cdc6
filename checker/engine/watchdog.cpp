#include "checker/engine/watchdog.h"

#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <ctime>

namespace raddle::engine {

using std::chrono::nanoseconds;

Watchdog::Watchdog(nanoseconds limit, Hooks hooks) : limit_(limit), hooks_(std::move(hooks)) {
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

bool Watchdog::wait_for_standstill(std::uint64_t& last) {
  const auto period =
      std::clamp<nanoseconds>(limit_ / 20, std::chrono::milliseconds(1), std::chrono::milliseconds(250));
  const int enough = static_cast<int>(limit_ / period);
  nanoseconds started = processor_time(), before = started;
  int idle = 0;  // periods in which the thread did not run at all
  std::unique_lock lock(mutex_);
  for (;;) {
    if (wake_.wait_for(lock, period, [this] { return done_; })) return false;
    const nanoseconds now = processor_time();
    if (const std::uint64_t progress = hooks_.progress(); progress != last) {
      last = progress;
      started = now;
      idle = 0;
    } else if (now - before < period / 100) {
      ++idle;
    }
    before = now;
    if (now - started >= limit_ || idle >= enough) return true;
  }
}

void Watchdog::watch() {
  std::uint64_t last = hooks_.progress();
  bool tried = false;
  std::uint64_t at = 0;
  while (wait_for_standstill(last)) {
    if (tried && last == at) {
      hooks_.give_up();
      return;
    }
    hooks_.interrupt();
    tried = true;
    at = last;
  }
}

}  // namespace raddle::engine
