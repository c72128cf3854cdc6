#include "checker/cli/progress.h"

#include <chrono>
#include <cmath>
#include <csignal>
#include <utility>

#include "checker/cli/terminal.h"
#include "reports/text_result.h"

namespace raddle::cli {

std::string progress_text(std::uint64_t executions, double seconds, double limit) {
  std::string text = reports::grouped(executions) + (executions == 1 ? " execution, " : " executions, ") +
                     std::to_string(std::lround(seconds)) + " s";
  if (std::isfinite(limit)) text += " of " + std::to_string(std::lround(limit)) + " s";
  return text;
}

Progress::Progress(std::function<std::uint64_t()> executions, double limit)
    : executions_(std::move(executions)), limit_(limit) {
  if (!can_overwrite_errors()) return;
  // Signals are for the thread that searches.
  sigset_t all, before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  thread_ = std::thread(&Progress::show, this);
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void Progress::stop() {
  if (!thread_.joinable()) return;
  {
    std::lock_guard lock(mutex_);
    done_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Progress::show() {
  using std::chrono::steady_clock;
  const auto start = steady_clock::now();
  auto next = start + std::chrono::seconds(1);
  bool shown = false;
  std::unique_lock lock(mutex_);
  while (!wake_.wait_until(lock, next, [this] { return done_; })) {
    const double seconds = std::chrono::duration<double>(steady_clock::now() - start).count();
    print_error("\r" + progress_text(executions_(), seconds, limit_) + "\x1b[K");
    shown = true;
    next += std::chrono::milliseconds(500);
  }
  if (shown) print_error("\r\x1b[K");
}

}  // namespace raddle::cli
