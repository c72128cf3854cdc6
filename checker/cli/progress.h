// How far a search has come, on a line of the terminal that is written over and over and is gone in the end.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

namespace raddle::cli {

/// "12,345 executions, 7 s of 60 s"; `limit` in seconds, infinite for none.
std::string progress_text(std::uint64_t executions, double seconds, double limit);

class Progress {
 public:
  /// Shows it on standard error from the second second on, if that is a terminal; `executions` is called on another
  /// OS thread.
  Progress(std::function<std::uint64_t()> executions, double limit);
  ~Progress() { stop(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The line disappears. May be called several times.
  void stop();

 private:
  void show();

  std::function<std::uint64_t()> executions_;
  double limit_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace raddle::cli
