// How far a search has come, on a line of the terminal that is written over and over and is gone in the end.
#pragma once
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "reports/model_report.h"

namespace raddle::cli {

/// How it is shown: as a line on the terminal, if there is one; as a line of JSON each time, for programs; not at all.
enum class ProgressKind { Auto, Json, Never };
/// "auto", "json", "never"; engine::UserError for anything else.
ProgressKind parse_progress(const std::string& text);

struct ProgressState {
  std::uint64_t executions = 0;
  std::uint64_t pending = 0;  // still to come, at least, if that is known
  double seconds = 0;
  double limit = 0;  // in seconds, infinite for none
};

/// "12,345 of at least 20,000 executions, 4,115/s, 3 s of 60 s".
std::string progress_text(const ProgressState& s);
/// {"executions":12345,"at_least":20000,"per_second":4115,"seconds":3,"limit":60}
std::string progress_json(const ProgressState& s);
/// The last of these lines: {"model":"m.py","verdict":"findings","status":1,"coverage":"complete","executions":4, ...}
std::string verdict_json(const reports::ModelReport& model);

class Progress {
 public:
  /// Shows it on standard error from the second second on; `state` is called on another OS thread, and fills in all but
  /// the seconds.
  Progress(ProgressKind kind, std::function<ProgressState()> state);
  ~Progress() { stop(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The line disappears. May be called several times.
  void stop();

 private:
  void show();

  const bool json_;
  std::function<ProgressState()> state_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace raddle::cli
