// How far a search has come, on a line of the terminal that is written over and over and is gone in the end.
#pragma once
#include <condition_variable>
#include <cstddef>
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

/// Which of several models it is about, and how many of them are through.
struct ProgressModel {
  std::string name;
  std::size_t done = 0, models = 0;  // 0: there is one only
};
/// "12,345 of at least 20,000 executions, 4,115/s, 3 s of 60 s"; of one of several models "3 of 12, m.py: 12,345 of ...".
std::string progress_text(const ProgressState& s, const ProgressModel& model = {});
/// {"executions":12345,"at_least":20000,"per_second":4115,"seconds":3,"limit":60}; of one of several models
/// {"model":"m.py","done":3,"models":12,"executions":12345, ...}
std::string progress_json(const ProgressState& s, const ProgressModel& model = {});
/// The last of these lines: {"model":"m.py","verdict":"findings","status":1,"coverage":"complete","executions":4, ...}
std::string verdict_json(const reports::ModelReport& model);

class Progress {
 public:
  /// Shows it on standard error from the second second on; `state` is called on another OS thread, and fills in all but
  /// the seconds.
  Progress(ProgressKind kind, std::function<ProgressState()> state, ProgressModel model = {});
  /// The same, told to somebody else instead, on that thread.
  Progress(std::function<void(const ProgressState&)> tell, std::function<ProgressState()> state);
  ~Progress() { stop(); }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// The line disappears. May be called several times.
  void stop();

 private:
  void begin();
  void run();
  void show(const ProgressState& state);

  bool json_ = false, shown_ = false;
  ProgressModel model_;
  std::function<void(const ProgressState&)> tell_;
  std::function<ProgressState()> state_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool done_ = false;
  std::thread thread_;
};

}  // namespace raddle::cli
